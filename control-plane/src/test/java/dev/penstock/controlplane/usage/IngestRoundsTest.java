package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.controlplane.usage.IngestRounds.Said;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who shares a transaction with whom; the first round is held up until all have come. */
class IngestRoundsTest {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch allHaveCome = new CountDownLatch(1);
  private final List<List<Delivery>> carriedOut = new CopyOnWriteArrayList<>();
  private Optional<Exception> failure = Optional.empty();
  private final IngestRounds rounds = new IngestRounds(this::round);

  @AfterEach
  void close() {
    threads.close();
  }

  private Map<Delivery, Said> round(List<Delivery> deliveries) throws SQLException {
    boolean first = carriedOut.isEmpty();
    carriedOut.add(deliveries);
    if (first) {
      awaitAll();
    } else if (failure.isPresent()) {
      switch (failure.get()) {
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new AssertionError(e);
      }
    }
    Map<Delivery, Said> said = new HashMap<>();
    deliveries.forEach(each ->
        said.put(each, new Said.Done(new IngestOutcome.Committed(each.batch().firstSeq()))));
    return said;
  }

  private void awaitAll() {
    try {
      allHaveCome.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void thoseWhoCameMeanwhileGoTogetherAndNobodyTwice() throws Exception {
    List<Delivery> deliveries = List.of(from(spool(), 1), from(spool(), 2), from(spool(), 3));

    List<Optional<IngestOutcome>> outcomes = commit(from(spool(), 9), deliveries);

    assertThat(outcomes)
        .containsExactly(
            Optional.of(new IngestOutcome.Committed(1)),
            Optional.of(new IngestOutcome.Committed(2)),
            Optional.of(new IngestOutcome.Committed(3)));
    assertThat(carriedOut).hasSize(2);
    assertThat(carriedOut.getLast()).containsExactlyInAnyOrderElementsOf(deliveries);
  }

  @Test
  void twoBatchesOfASpoolFollowOneAnother() throws Exception {
    UUID spool = spool();

    commit(from(spool(), 9), List.of(from(spool, 1), from(spool, 2), from(spool(), 3)));

    assertThat(carriedOut).hasSize(3);
    assertThat(carriedOut.subList(1, 3))
        .allSatisfy(round ->
            assertThat(round.stream().map(each -> each.batch().spoolId())).doesNotHaveDuplicates());
  }

  @Test
  void thoseOfARoundThatTheDatabaseRefusesAreTriedAlone() throws Exception {
    failure = Optional.of(new SQLException("out of range", "22003"));

    assertThat(commit(from(spool(), 9), List.of(from(spool(), 1), from(spool(), 2))))
        .containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void thoseOfARoundThatFailsByAFaultAreTriedAlone() throws Exception {
    failure = Optional.of(new ArithmeticException("long overflow"));

    assertThat(commit(from(spool(), 9), List.of(from(spool(), 1), from(spool(), 2))))
        .containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void aDatabaseThatIsAwayIsToldToAll() {
    failure = Optional.of(new SQLException("connection lost", "08006"));

    assertThatThrownBy(() -> commit(from(spool(), 9), List.of(from(spool(), 1), from(spool(), 2))))
        .hasRootCauseInstanceOf(SQLException.class)
        .hasStackTraceContaining("connection lost");
  }

  /** What became of those that came while the first was being carried out. */
  private List<Optional<IngestOutcome>> commit(Delivery first, List<Delivery> others)
      throws Exception {
    Future<Optional<IngestOutcome>> running = threads.submit(() -> rounds.commit(first));
    await().untilAsserted(() -> assertThat(carriedOut).hasSize(1));
    List<Future<Optional<IngestOutcome>>> waiting = new ArrayList<>();
    for (Delivery each : others) {
      waiting.add(threads.submit(() -> rounds.commit(each)));
    }
    await().untilAsserted(() -> assertThat(rounds.waiting()).isEqualTo(others.size()));
    allHaveCome.countDown();
    running.get();
    List<Optional<IngestOutcome>> outcomes = new ArrayList<>();
    for (Future<Optional<IngestOutcome>> each : waiting) {
      outcomes.add(each.get());
    }
    return outcomes;
  }

  private static UUID spool() {
    return UUID.randomUUID();
  }

  private static Delivery from(UUID spool, long firstSeq) {
    return new Delivery("node", new UsageBatch(spool, firstSeq, List.of()), Instant.EPOCH);
  }
}
