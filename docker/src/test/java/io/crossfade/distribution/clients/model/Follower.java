package io.crossfade.distribution.clients.model;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.LocalDateTime;

/** A row of the watched table. */
@Entity
@Table(name = "follower")
public class Follower {
  /** Its composite key. */
  @Embeddable
  public record Key(
      @Column(name = "user_id") long userId, @Column(name = "follower_id") long followerId)
      implements Serializable {}

  @EmbeddedId private Key key = new Key(0, 0);

  @Column(name = "created_at", nullable = false)
  private LocalDateTime createdAt = LocalDateTime.MIN;

  @Column(nullable = false)
  private byte status;

  protected Follower() {}

  public Follower(Key key, LocalDateTime createdAt, byte status) {
    this.key = key;
    this.createdAt = createdAt;
    this.status = status;
  }

  public void status(int newStatus) {
    status = (byte) newStatus;
  }

  @Override
  public String toString() {
    return key + " " + createdAt + " " + status;
  }
}
