package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no request are answered in the shape that clients can read. */
class UnreadableRequestTest {

  private static final String HOST = " HTTP/1.1\r\nhost: x\r\n";

  private final NodeTester node = new NodeTester();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void saysThatTheRequestLineIsTooLong() throws Exception {
    String answer = node.exchange("GET /" + "a".repeat(9_000) + HOST + "\r\n");

    assertError(answer, 414, "request_too_large");
    assertThat(counted("line_too_long")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {17_000, 2_000_000})
  void saysThatTheHeadersAreTooLargeEvenToAClientThatGoesOnSending(int bytes) throws Exception {
    String answer =
        node.exchange("GET /v1/models" + HOST + "x-a: " + "a".repeat(bytes) + "\r\n\r\n");

    assertError(answer, 431, "request_too_large");
    assertThat(counted("headers_too_large")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'NONSENSE\r\n\r\n'",
    "'GET /v1/models HTTP/1.1\r\nbad header: x\r\n\r\n'",
    "'POST /v1/chat/completions HTTP/1.1\r\ncontent-length: x\r\n\r\n'",
    "'POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'"
  })
  void saysThatARequestIsMalformed(String request) throws Exception {
    String answer = node.exchange(request);

    assertError(answer, 400, "invalid_request");
    assertThat(counted("malformed")).isEqualTo(1);
    assertThat(node.spool.records()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions         | {\"error\":{\"message\":",
        "/v1/responses                | {\"error\":{\"message\":",
        "/v1/messages                 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"",
        "/v1/messages/count_tokens    | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"",
        "/mistral/v1/chat/completions | {\"object\":\"error\",\"message\":",
        "/mistral/v1/anything         | {\"object\":\"error\",\"message\":"
      })
  void answersInTheDialectOfThePath(String path, String error) throws Exception {
    assertThat(node.exchange("POST " + path + " HTTP/1.1\r\ncontent-length: x\r\n\r\n"))
        .contains(" 400 ", error);
    assertThat(node.exchange("POST " + path + HOST + "x-a: " + "a".repeat(17_000) + "\r\n\r\n"))
        .contains(" 431 ", error.replace("invalid_request_error", "request_too_large"));
  }

  @Test
  void saysThatTheBodyIsFramedBadlyAndRecordsIt() throws Exception {
    node.model("assistant", "sim-n1").publish();

    String answer =
        node.exchange(
            "POST /v1/chat/completions"
                + HOST
                + "authorization: Bearer "
                + node.key()
                + "\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n");

    assertError(answer, 400, "invalid_request");
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .extracting(RequestRecord::getErrorCode)
                .containsExactly("invalid_request"));
  }

  @Test
  void answersTheRequestBeforeTheUnreadableOne() throws Exception {
    node.model("assistant", "sim-n1").publish();

    String answer =
        node.exchange(
            "GET /v1/models"
                + HOST
                + "authorization: Bearer "
                + node.key()
                + "\r\n\r\nNONSENSE\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200 ").contains(" 400 ").contains("invalid_request");
  }

  private double counted(String reason) {
    return node.meters.counter("penstock.requests.unreadable", "reason", reason).count();
  }

  private static void assertError(String answer, int status, String code) {
    assertThat(answer)
        .matches("(?s)HTTP/1\\.[01] " + status + " .*")
        .containsIgnoringCase("connection: close")
        .contains("x-penstock-request-id: ")
        .contains("x-penstock-error-code: " + code)
        .contains("{\"error\":{\"message\":")
        .endsWith("\"code\":\"" + code + "\"}}");
  }
}
