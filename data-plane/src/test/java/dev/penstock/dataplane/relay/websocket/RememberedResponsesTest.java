package dev.penstock.dataplane.relay.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** What is remembered has limits, and a connection has its own. */
class RememberedResponsesTest {

  private final RememberedResponses responses = new RememberedResponses(10, 6);
  private final RememberedResponses.Connection connection = responses.connect();

  @Test
  void remembersTheNewestOfEachLane() {
    connection.keep("", "1", items(2));
    connection.keep("a", "2", items(2));
    connection.keep("", "3", items(1));

    assertThat(connection.find("1")).isEmpty();
    assertThat(connection.find("2")).contains(items(2));
    assertThat(connection.find("3")).contains(items(1));
    assertThat(responses.bytes()).isEqualTo(3);
  }

  @Test
  void aConnectionForgetsItsOwnOldestFirst() {
    RememberedResponses.Connection other = responses.connect();
    other.keep("", "0", items(3));
    connection.keep("a", "1", items(3));
    connection.keep("b", "2", items(3));

    connection.keep("c", "3", items(1));

    assertThat(connection.find("1")).isEmpty();
    assertThat(connection.find("2")).isPresent();
    assertThat(connection.find("3")).isPresent();
    assertThat(other.find("0")).isPresent();
    assertThat(responses.bytes()).isEqualTo(7);
  }

  @Test
  void allTogetherForgetTheOldestFirst() {
    RememberedResponses.Connection other = responses.connect();
    other.keep("", "0", items(5));
    connection.keep("", "1", items(3));

    connection.keep("a", "2", items(3));

    assertThat(other.find("0")).isEmpty();
    assertThat(connection.find("1")).isPresent();
    assertThat(connection.find("2")).isPresent();
    assertThat(responses.bytes()).isEqualTo(6);
  }

  @Test
  void whatIsLargerThanTheLimitIsNotRememberedAndNeitherIsWhatItReplaces() {
    connection.keep("", "1", items(2));

    connection.keep("", "2", items(7));

    assertThat(connection.find("1")).isEmpty();
    assertThat(connection.find("2")).isEmpty();
    assertThat(responses.bytes()).isZero();
  }

  @Test
  void noConnectionKnowsWhatAnotherOneWasTold() {
    connection.keep("", "1", items(2));

    assertThat(responses.connect().find("1")).isEmpty();
  }

  @Test
  void nothingIsLeftOfAConnectionThatIsNoMore() {
    connection.keep("", "1", items(2));
    connection.keep("a", "2", items(2));

    connection.forget("1");
    assertThat(responses.bytes()).isEqualTo(2);
    connection.close();

    assertThat(connection.find("2")).isEmpty();
    assertThat(responses.bytes()).isZero();
  }

  private static Buffer items(int bytes) {
    return Buffer.buffer("x".repeat(bytes));
  }
}
