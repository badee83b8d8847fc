package dev.penstock.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Load;
import dev.penstock.it.kit.OnFaultStack;
import dev.penstock.it.kit.PenstockTester;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody who calls a gateway notices that the database is away. */
@OnFaultStack
class DatabaseGoneTest {
  private static final String POSTGRES = "postgres";

  private final PenstockTester tester;
  private final Books books;

  DatabaseGoneTest(PenstockTester tester) {
    this.tester = tester;
    books = new Books(tester);
  }

  @Test
  void failsNoRequestAndLosesNone() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n21-b24-d1000-t1000-g1").create();
    long mark = tester.simulator().mark();

    // When
    List<HttpResponse<String>> answers;
    try (Load load = Load.start(application, 300, 20)) {
      load.awaitAnswers(50);
      tester.kill(POSTGRES);
      load.awaitAnswers(150);
      tester.startAgain(POSTGRES);
      answers = load.answers();
    }

    // Then
    Books.assertAllServed(answers);
    books.assertRecordedOnce(application, answers.stream().map(Books::requestId).toList());
    books.assertSpent(
        application, tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
    assertThat(tester.application().create().stream().statusCode()).isEqualTo(200);
  }
}
