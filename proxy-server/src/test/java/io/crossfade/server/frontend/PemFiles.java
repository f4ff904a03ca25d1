package io.crossfade.server.frontend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** A certificate made for a test, in two files. */
record PemFiles(Path certificate, Path key) {
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {0x0A});

  /** Writes a new certificate, over one that may be there already; returns its serial number. */
  String renew() throws GeneralSecurityException, IOException {
    ServerCertificate own = ServerCertificate.generate();
    write(certificate, "CERTIFICATE", own.certificate().getEncoded());
    write(key, "PRIVATE KEY", own.key().getEncoded());
    return own.certificate().getSerialNumber().toString();
  }

  static void write(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, BASE64.encodeToString(der), label));
  }
}
