package io.crossfade.distribution.clients.model;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import java.math.BigDecimal;

/** Gets its ids from a table that stands for a sequence, so that its inserts are batched. */
@Entity
public class Post {
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "post")
  @SequenceGenerator(name = "post", sequenceName = "post_seq", allocationSize = 20)
  private long id;

  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  private Author author = new Author("");

  @Lob private String text = "";

  private BigDecimal score = BigDecimal.ZERO;

  protected Post() {}

  public Post(Author author, String text, BigDecimal score) {
    this.author = author;
    this.text = text;
    this.score = score;
  }

  @Override
  public String toString() {
    return id + " " + author.name() + " " + text + " " + score;
  }
}
