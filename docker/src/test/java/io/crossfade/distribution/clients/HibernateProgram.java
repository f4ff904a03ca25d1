package io.crossfade.distribution.clients;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crossfade.distribution.clients.model.Author;
import io.crossfade.distribution.clients.model.Follower;
import io.crossfade.distribution.clients.model.Post;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;

/** Hibernate ORM on a HikariCP pool. */
final class HibernateProgram implements ClientProgram {
  private static final LocalDateTime DAY = LocalDateTime.of(2025, 3, 1, 12, 0);

  @Override
  public String name() {
    return "hibernate";
  }

  @Override
  public void run(Endpoint endpoint, Transcript t) throws Exception {
    HikariConfig pool = new HikariConfig();
    pool.setJdbcUrl(
        endpoint.url(
            "mysql",
            "connectionTimeZone=UTC&useServerPrepStmts=true&rewriteBatchedStatements=true"
                + "&cachePrepStmts=true&useLocalSessionState=true"));
    pool.setUsername(Endpoint.SHA2_USER);
    pool.setPassword(Endpoint.SHA2_USER);
    pool.setMaximumPoolSize(4);
    pool.setMinimumIdle(1);
    pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    try (HikariDataSource source = new HikariDataSource(pool)) {
      try (SessionFactory factory = factory(source, "update")) {
        work(factory, t);
        concurrently(factory, t);
      }
      try (SessionFactory factory = factory(source, "validate")) {
        t.add("the schema is valid");
        factory.inTransaction(s -> t.add("authors " + count(s, "Author")));
      }
    }
  }

  private static SessionFactory factory(HikariDataSource source, String ddl) {
    Configuration configuration = new Configuration();
    configuration.getProperties().put("hibernate.connection.datasource", source);
    return configuration
        .addAnnotatedClass(Author.class)
        .addAnnotatedClass(Post.class)
        .addAnnotatedClass(Follower.class)
        .setProperty("hibernate.hbm2ddl.auto", ddl)
        .setProperty("hibernate.jdbc.batch_size", "25")
        .setProperty("hibernate.order_inserts", "true")
        .setProperty("hibernate.jdbc.time_zone", "UTC")
        .buildSessionFactory();
  }

  private static void work(SessionFactory factory, Transcript t) {
    factory.inTransaction(
        s -> {
          for (String name : new String[] {"Ada", "Bréton", "曹雪芹"}) {
            Author author = new Author(name);
            s.persist(author);
            t.add("author " + author.id());
            for (int i = 0; i < 30; i++) {
              s.persist(new Post(author, "post " + i, new BigDecimal(i).movePointLeft(1)));
            }
          }
          for (int i = 1; i <= 60; i++) {
            s.persist(follower(1 + i % 2, i));
          }
        });
    factory.inTransaction(s -> queries(s, t));
    factory.inTransaction(
        s -> {
          s.find(Follower.class, new Follower.Key(1, 2)).status(7);
          s.remove(s.find(Follower.class, new Follower.Key(2, 1)));
          t.add(
              "updated "
                  + s.createMutationQuery(
                          "update Follower set status = 9 where key.followerId > 50")
                      .executeUpdate());
          t.add(
              "deleted "
                  + s.createMutationQuery("delete Follower where key.userId = 1 and status = 0")
                      .executeUpdate());
          s.merge(follower(3, 1));
          Author locked = s.find(Author.class, 1, LockModeType.PESSIMISTIC_WRITE);
          locked.rename("Ada L.");
          t.add(
              "native "
                  + s.createNativeQuery("select follower_id from follower order by 1", Long.class)
                      .setMaxResults(3)
                      .list());
        });
    failures(factory, t);
    factory.inTransaction(
        s ->
            s.createQuery("from Follower order by key.userId, key.followerId", Follower.class)
                .getResultStream()
                .forEach(f -> t.add("| " + f)));
  }

  private static void queries(Session s, Transcript t) {
    t.add("posts " + count(s, "Post") + " followers " + count(s, "Follower"));
    for (int page = 0; page < 3; page++) {
      s.createQuery("from Post p join fetch p.author order by p.score desc, p.id", Post.class)
          .setFirstResult(page * 4)
          .setMaxResults(4)
          .list()
          .forEach(p -> t.add("| " + p));
    }
    s.createQuery(
            "select a.name, count(p), avg(p.score) from Author a join a.posts p"
                + " where p.text like :text group by a.name order by a.name",
            Object[].class)
        .setParameter("text", "post 1%")
        .list()
        .forEach(r -> t.add("| " + r[0] + " " + r[1] + " " + r[2]));
    s.createQuery("from Follower where key.userId = :user order by createdAt desc", Follower.class)
        .setParameter("user", 2)
        .setMaxResults(5)
        .list()
        .forEach(f -> t.add("| " + f));
    t.add("lazy " + s.find(Author.class, 2).posts().size());
  }

  private static void failures(SessionFactory factory, Transcript t) {
    Author stale = factory.fromTransaction(s -> s.find(Author.class, 2));
    factory.inTransaction(s -> s.find(Author.class, 2).rename("B."));
    stale.rename("too late");
    attempt(t, () -> factory.inTransaction(s -> s.merge(stale)));
    attempt(t, () -> factory.inTransaction(s -> s.persist(new Author("B."))));
    attempt(t, () -> factory.inTransaction(s -> s.persist(follower(3, 1))));
    attempt(
        t,
        () ->
            factory.inTransaction(
                s -> {
                  s.persist(follower(4, 4));
                  s.flush();
                  throw new PersistenceException("rolled back");
                }));
    factory.inTransaction(
        s -> t.add("version " + s.find(Author.class, 2).version() + count(s, "Follower")));
  }

  private static void attempt(Transcript t, Runnable work) {
    try {
      work.run();
      t.add("! nothing was wrong");
    } catch (OptimisticLockException e) {
      t.add("! optimistic lock");
    } catch (ConstraintViolationException e) {
      t.add("! %s %d %s".formatted(e.getConstraintName(), e.getErrorCode(), e.getSQLState()));
    } catch (PersistenceException e) {
      t.add("! " + e.getMessage());
    }
  }

  /** More threads than connections, each with transactions of its own. */
  private static void concurrently(SessionFactory factory, Transcript t) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<?> done :
          threads.invokeAll(
              IntStream.range(0, 8)
                  .mapToObj(
                      thread ->
                          Executors.callable(
                              () -> {
                                for (int i = 0; i < 10; i++) {
                                  int id = i;
                                  factory.inTransaction(s -> s.persist(follower(90 + thread, id)));
                                }
                              }))
                  .toList())) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    factory.inTransaction(s -> t.add("followers " + count(s, "Follower")));
  }

  private static Follower follower(long user, long id) {
    return new Follower(new Follower.Key(user, id), DAY.plusMinutes(id), (byte) (id % 3));
  }

  private static long count(Session s, String entity) {
    return Objects.requireNonNull(
        s.createQuery("select count(*) from " + entity, Long.class).getSingleResult());
  }
}
