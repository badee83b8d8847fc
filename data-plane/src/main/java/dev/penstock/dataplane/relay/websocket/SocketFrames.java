package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.dialect.openai.OpenAiError;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.List;

/**
 * In which frames one exchange is told on a WebSocket; each is one JSON object. Owned by one
 * exchange.
 */
public sealed interface SocketFrames permits ChatFrames, ResponseFrames {

  /**
   * What stands in an exchange's last frame and over HTTP in headers.
   *
   * @param providerRequestId the provider's own id of the call, of letters, digits and {@code
   *     ._:/=+@-}; empty where it gave none
   * @param dropped fields of the request that have not reached the provider
   * @param clamped tokens that the answer was limited to; negative where it was not
   */
  record Closing(String requestId, String providerRequestId, List<String> dropped, long clamped) {

    /** As members of an object, each with a comma after it. */
    String members() {
      String losses =
          dropped.isEmpty() ? "" : "\"dropped\":%s,".formatted(new JsonArray(dropped).encode());
      String limit = clamped < 0 ? "" : "\"clamped\":" + clamped + ",";
      String provider =
          providerRequestId.isEmpty()
              ? ""
              : "\"provider_request_id\":\"" + providerRequestId + "\",";
      return "\"request_id\":\"" + requestId + "\"," + provider + losses + limit;
    }
  }

  /** The client's own id of the exchange becomes known. */
  void named(String idAsJson);

  /** The frame of one event; empty where the client is to see none. */
  String event(String json);

  /**
   * The last frame of a stream that ended well.
   *
   * @param terminal its last event, which may be none of JSON; empty where there is none
   */
  String end(String terminal, Closing closing);

  /** The frames of an answer that came in one piece. */
  List<String> answer(Buffer json, Closing closing);

  /** The last frame where the provider refuses, with its words in the client's dialect. */
  String error(int status, Buffer json, Closing closing);

  /** The last frame where there is no answer, or no more of it. */
  default String refusal(Refusal refusal, Closing closing) {
    return error(refusal.code().status(), OpenAiError.body(refusal, closing.requestId()), closing);
  }

  /** The exchange is over, whether its client is still there or not. */
  void over();
}
