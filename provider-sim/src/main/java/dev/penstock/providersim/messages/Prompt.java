package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.Set;

/**
 * The part of a request that both paths have: model, system, messages, tools, thinking.
 *
 * @param textBytes UTF-8 of the system's and the messages' text
 */
record Prompt(String model, long textBytes, Thinking thinking) {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "system",
          "tools",
          "tool_choice",
          "thinking",
          "output_config",
          "cache_control");

  private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");

  /**
   * Reads and checks it.
   *
   * @param own the further fields that the path has
   */
  static Prompt read(RequestFields request, ApiVersion version, Set<String> own) throws Rejection {
    Set<String> known = new HashSet<>(KNOWN);
    known.addAll(own);
    request.onlyKnown(known);
    String model = request.needText("model");
    Thinking thinking = Thinking.of(request);
    Tools.check(request, thinking);
    outputConfig(request);
    CacheControl.check(request);
    long bytes = systemBytes(request) + new Conversation(version, thinking).textBytes(request);
    return new Prompt(model, bytes, thinking);
  }

  private static void outputConfig(RequestFields request) throws Rejection {
    if (!request.has("output_config")) {
      return;
    }
    RequestFields config =
        request.needObject("output_config").onlyKnown(Set.of("effort", "format"));
    config.mayBeOneOf("effort", EFFORTS);
    if (config.has("format")) {
      RequestFields format = config.needObject("format").onlyKnown(Set.of("type", "schema"));
      format.needOneOf("type", Set.of("json_schema"));
      format.needObject("schema");
    }
  }

  private static long systemBytes(RequestFields request) throws Rejection {
    JsonNode system = request.node("system");
    if (!request.has("system")) {
      return 0;
    }
    if (system.isTextual()) {
      return RequestFields.utf8(system.textValue());
    }
    long bytes = 0;
    for (RequestFields block : request.needObjects("system")) {
      block.needOneOf("type", Set.of("text"));
      CacheControl.check(block);
      bytes += RequestFields.utf8(block.needText("text"));
    }
    return bytes;
  }
}
