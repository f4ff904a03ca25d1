package io.crossfade.api.plugin;

import java.util.List;

/**
 * Everything of a result set but its rows, as MySQL sent it: to be kept by a plugin and handed back
 * with {@link Verdict#answer}. Immutable; valid for the protocol and the capabilities it was
 * learned under.
 *
 * @param columns payloads of the column definition packets (Protocol::ColumnDefinition41)
 * @param end payload of the packet that ended the rows (EOF, or OK with header 0xFE)
 * @param capabilities the session's negotiated capability flags
 * @param protocol text or binary rows
 */
public record ResultMetadata(
    List<byte[]> columns, byte[] end, long capabilities, Exchange.Protocol protocol) {}
