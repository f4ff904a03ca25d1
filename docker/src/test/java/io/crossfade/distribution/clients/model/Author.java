package io.crossfade.distribution.clients.model;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;

/** Has an identity column and an optimistic lock. */
@Entity
public class Author {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long id;

  @Version private int version;

  @Column(unique = true, length = 50, nullable = false)
  private String name = "";

  @OneToMany(mappedBy = "author")
  private List<Post> posts = new ArrayList<>();

  protected Author() {}

  public Author(String name) {
    this.name = name;
  }

  public long id() {
    return id;
  }

  public int version() {
    return version;
  }

  public String name() {
    return name;
  }

  public void rename(String newName) {
    name = newName;
  }

  public List<Post> posts() {
    return posts;
  }
}
