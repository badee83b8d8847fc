package dev.penstock.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Load;
import dev.penstock.it.kit.OnFaultStack;
import dev.penstock.it.kit.PenstockTester;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody who calls a gateway notices that the database is away. */
@OnFaultStack
class DatabaseGoneTest {
  private static final String POSTGRES = "postgres";

  /** {@code -Ddatabase.away=120} for the whole of it. */
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("database.away", 20));

  /** A node asks for what it spends in a minute; this long it has at least. */
  private static final Duration LEASED = Duration.ofSeconds(20);

  private final PenstockTester tester;
  private final Books books;

  DatabaseGoneTest(PenstockTester tester) {
    this.tester = tester;
    books = new Books(tester);
  }

  /** Long enough for sessions to break, leases to want renewing, and batches to be sent again. */
  @Test
  void failsNoRequestThatHasALeaseAndLosesNone() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n20-b21-d15000-t1000-g1").create();
    long mark = tester.simulator().mark();

    // When
    List<HttpResponse<String>> answers;
    try (Load load = Load.steady(application, 10)) {
      load.awaitAnswers(20);
      tester.kill(POSTGRES);
      Instant back = Instant.now().plus(AWAY);
      await()
          .pollInterval(Duration.ofMillis(200))
          .atMost(AWAY.plus(AWAY))
          .until(() -> Instant.now().isAfter(back));
      int duringTheOutage = load.answered();
      tester.startAgain(POSTGRES);
      load.awaitAnswers(duringTheOutage + 50);
      answers = load.answers();
    }

    // Then
    List<HttpResponse<String>> refused =
        answers.stream().filter(answer -> answer.statusCode() != 200).toList();
    List<HttpResponse<String>> served =
        answers.stream().filter(answer -> answer.statusCode() == 200).toList();
    System.out.printf(
        "database away for %d s: %d served, %d refused%n",
        AWAY.toSeconds(), served.size(), refused.size());
    Books.assertAllServed(served);
    assertThat(served).hasSizeGreaterThan(200);
    if (AWAY.compareTo(LEASED) <= 0) {
      assertThat(refused).isEmpty();
    }
    assertThat(refused)
        .as("without a lease that has room")
        .allSatisfy(answer ->
            assertThat(answer.headers().firstValue("x-penstock-error-code"))
                .as(answer.body())
                .contains("budget_unavailable"));
    books.assertRecordedOnce(application, answers.stream().map(Books::requestId).toList());
    books.assertSpent(
        application, tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
    assertThat(tester.application().create().stream().statusCode()).isEqualTo(200);
  }
}
