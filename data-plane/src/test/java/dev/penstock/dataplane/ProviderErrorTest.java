package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider finds fault with reaches clients as their SDKs read it, however it was said. */
class ProviderErrorTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | {"object":"error","message":"too hot","type":"BadRequestError","param":null,"code":400} | 400 | too hot
          400 | {"error":{"message":"too hot","type":"BadRequestError","param":null,"code":400}}        | 400 | too hot
          400 | {"error":"too hot"}                                                                     | 400 | too hot
          422 | {"detail":[{"type":"extra","loc":["body","store"],"msg":"too hot"}]}                    | 400 | too hot
          413 | "<html><h1>too large</h1></html>"                                                       | 413 | status 413
          400 | "<html><h1>bad</h1></html>"                                                             | 400 | status 400
          400 | ""                                                                                      | 400 | status 400
          418 | {"error":{"message":"too hot","type":"tea","code":"pot"}}                               | 418 | too hot
          """)
  void isPutIntoTheClientsWords(int status, String body, int told, String words) throws Exception {
    for (Client client : Client.values()) {
      at(client, status, body);

      HttpResponse<String> response = ask(client);

      boolean own = told == 418 && client == Client.CHAT;
      assertThat(response.statusCode())
          .as("%s %s", client, response.body())
          .isEqualTo(told == 418 && !own ? 400 : told);
      JsonNode error = client.errorIn(JSON.readTree(response.body()));
      assertThat(error.path("message").asText()).as("%s", client).contains(words);
      assertThat(error.path("message").asText()).doesNotContain("<html>");
      assertThat(error.path("code").isNumber()).isFalse();
      assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    }
  }

  @Test
  void namesTheProvidersIdOfTheCallToTheClientAndInTheRecord() throws Exception {
    node.sim
        .scripts()
        .put(
            "named",
            "{\"steps\":[{\"status\":400,\"headers\":{\"x-request-id\":\"req_42\"},\"body\":\"\"}]}");
    node.model("assistant", "named").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    RequestRecord record = node.onlyRecord();
    assertThat(response.headers().firstValue("x-penstock-provider-request-id")).contains("req_42");
    assertThat(response.headers().firstValue("x-request-id")).contains(record.getId());
    assertThat(record.getAttempts(0).getProviderRequestId()).isEqualTo("req_42");
  }

  @Test
  void namesNoIdThatCouldNotStandInAHeader() throws Exception {
    node.sim
        .scripts()
        .put(
            "named",
            "{\"steps\":[{\"status\":400,\"headers\":{\"x-request-id\":\"a \\\"b\\\"\"},\"body\":\"\"}]}");
    node.model("assistant", "named").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.headers().firstValue("x-penstock-provider-request-id")).isEmpty();
    assertThat(node.onlyRecord().getAttempts(0).getProviderRequestId()).isEmpty();
  }

  private enum Client {
    CHAT("/v1/chat/completions"),
    MESSAGES("/v1/messages"),
    MISTRAL("/mistral/v1/chat/completions");

    private final String path;

    Client(String path) {
      this.path = path;
    }

    JsonNode errorIn(JsonNode body) {
      return switch (this) {
        case CHAT, MESSAGES -> body.path("error");
        case MISTRAL -> body;
      };
    }
  }

  private void at(Client client, int status, String body) {
    String name = "model-" + client.ordinal();
    node.sim
        .scripts()
        .put(name, "{\"steps\":[{\"status\":%d,\"body\":%s}]}".formatted(status, body));
    node.model(name, name).publish();
  }

  private HttpResponse<String> ask(Client client) throws Exception {
    return node.send(
        HttpRequest.newBuilder(node.uri(client.path))
            .header("authorization", "Bearer " + node.key())
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"model-%d\",\"max_tokens\":64,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                        .formatted(client.ordinal()))));
  }
}
