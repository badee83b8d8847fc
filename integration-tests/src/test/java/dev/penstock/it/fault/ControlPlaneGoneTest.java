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

/** Nodes do without the control plane, and it hears everything later. */
@OnFaultStack
class ControlPlaneGoneTest {
  private static final String CONTROL_PLANE = "control-plane";

  private final PenstockTester tester;
  private final Books books;

  ControlPlaneGoneTest(PenstockTester tester) {
    this.tester = tester;
    books = new Books(tester);
  }

  @Test
  void failsNoRequestAndLosesNone() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n20-b24-d1000-t1000-g1").create();
    long mark = tester.simulator().mark();

    // When
    List<HttpResponse<String>> answers;
    try (Load load = Load.start(application, 200, 20)) {
      load.awaitAnswers(30);
      tester.process(CONTROL_PLANE).kill();
      answers = load.answers();
    }
    tester.startAgain(CONTROL_PLANE);

    // Then
    Books.assertAllServed(answers);
    books.assertRecordedOnce(application, answers.stream().map(Books::requestId).toList());
    books.assertSpent(
        application, tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
  }

  @Test
  void comesBackInMidLoadAndCountsEachRequestOnce() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n20-b25-d2000-t1000-g1").create();
    long mark = tester.simulator().mark();

    // When
    List<HttpResponse<String>> answers;
    try (Load load = Load.start(application, 1000, 20)) {
      load.awaitAnswers(20);
      tester.process(CONTROL_PLANE).kill();
      tester.startAgain(CONTROL_PLANE);
      answers = load.answers();
    }

    // Then
    Books.assertAllServed(answers);
    books.assertRecordedOnce(application, answers.stream().map(Books::requestId).toList());
    books.assertSpent(
        application, tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
  }

  @Test
  void isNotNeededByANodeThatStartsAgain() {
    // Given
    Application application = tester.application().upstream("sim-n6-b24-d0-t0-g1").create();
    long mark = tester.simulator().mark();
    HttpResponse<String> before = application.stream();
    assertThat(before.statusCode()).as(before.body()).isEqualTo(200);
    tester.admin().record(Books.requestId(before));
    tester.process(CONTROL_PLANE).kill();
    tester.process(PenstockTester.EU_NODE).stop();

    // When
    tester.startAgain(PenstockTester.EU_NODE);
    HttpResponse<String> answer = application.stream();

    // Then
    tester.startAgain(CONTROL_PLANE);
    Books.assertAllServed(List.of(answer));
    books.assertRecordedOnce(
        application, List.of(Books.requestId(before), Books.requestId(answer)));
    books.assertSpent(
        application, tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
  }
}
