package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesErrorsTest {

  private final MessagesErrors errors = new MessagesErrors();

  @ParameterizedTest
  @CsvSource({
    "INVALID_API_KEY, 401, authentication_error",
    "MODEL_NOT_FOUND, 404, not_found_error",
    "RESIDENCY_DENIED, 403, permission_error",
    "UNSUPPORTED_FIELD, 400, invalid_request_error",
    "REQUEST_TOO_LARGE, 413, request_too_large",
    "RATE_LIMIT_EXCEEDED, 429, rate_limit_error",
    "BUDGET_EXHAUSTED, 402, billing_error",
    "OVERLOADED, 529, overloaded_error",
    "BUDGET_UNAVAILABLE, 503, overloaded_error",
    "UPSTREAM_CUT, 502, api_error",
    "UPSTREAM_TIMEOUT, 504, timeout_error",
    "INTERNAL_ERROR, 500, api_error"
  })
  void tellsARefusalWithItsCodeBehindTheSentence(Code code, int status, String type) {
    JsonObject body = errors.body(Refusal.of(code, "It is \"so\"."), "req_1").toJsonObject();

    assertThat(errors.status(code)).isEqualTo(status);
    assertThat(body)
        .isEqualTo(
            new JsonObject()
                .put("type", "error")
                .put(
                    "error",
                    new JsonObject()
                        .put("type", type)
                        .put("message", "It is \"so\". (" + code.text() + ")"))
                .put("request_id", "req_1"));
  }

  @Test
  void endsAStreamWithAnEventThatEverySdkRaises() {
    String events = errors.events(Refusal.of(Code.UPSTREAM_CUT, "Cut."), "req_1").toString();

    assertThat(events).startsWith("event: error\ndata: {\"type\":\"error\",").endsWith("}\n\n");
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, invalid_request_error",
    "422, 400, invalid_request_error",
    "413, 413, request_too_large",
    "429, 429, rate_limit_error",
    "500, 500, api_error",
    "503, 529, overloaded_error",
    "529, 529, overloaded_error",
    "504, 504, timeout_error"
  })
  void tellsAProvidersErrorInItsOwnWords(int found, int status, String type) {
    ProviderError error = new ProviderError(found, "Too long.", "x", Optional.empty());

    assertThat(errors.status(error)).isEqualTo(status);
    assertThat(errors.body(error, "req_1").toJsonObject().getJsonObject("error"))
        .isEqualTo(new JsonObject().put("type", type).put("message", "Too long."));
  }

  @ParameterizedTest
  @CsvSource({"401", "403"})
  void neverBlamesTheClientsKeyForOurs(int found) {
    ProviderError error = new ProviderError(found, "bad key sk-1", "x", Optional.empty());

    assertThat(errors.status(error)).isEqualTo(500);
    assertThat(errors.body(error, "req_1").toString()).doesNotContain("sk-1").contains("api_error");
  }
}
