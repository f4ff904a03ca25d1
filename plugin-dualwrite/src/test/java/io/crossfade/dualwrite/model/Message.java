package io.crossfade.dualwrite.model;

import org.jspecify.annotations.Nullable;

/** A write on its way to HBase; may land late or twice, up to its lifetime. */
final class Message {
  final int key;
  private final long version;
  private final @Nullable Integer value;
  private final @Nullable Integer old;
  private final boolean derivedOnly;
  final int deadline;
  final @Nullable Work work;

  /** Sent once; else a duplicate of it lands later, or not. */
  final boolean single;

  boolean landed;

  private Message(
      int key,
      long version,
      @Nullable Integer value,
      @Nullable Integer old,
      boolean derivedOnly,
      @Nullable Work work,
      World world) {
    this.key = key;
    this.version = version;
    this.value = value;
    this.old = old;
    this.derivedOnly = derivedOnly;
    this.work = work;
    this.deadline = world.wall + World.LIFETIME;
    this.single = world.chance(60);
  }

  static Message write(int key, long version, @Nullable Integer value, Work work, World world) {
    return new Message(key, version, value, null, false, work, world);
  }

  static Message derived(int key, @Nullable Integer old, @Nullable Integer value, World world) {
    return new Message(key, 0, value, old, true, null, world);
  }

  void land(HBaseModel hbase) {
    landed = true;
    if (derivedOnly) {
      hbase.derived(key, old, value, old);
    } else {
      hbase.apply(key, version, value);
    }
    if (work != null) {
      work.unanswered.remove(this);
    }
  }
}
