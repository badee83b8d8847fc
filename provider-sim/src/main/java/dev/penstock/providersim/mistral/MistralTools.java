package dev.penstock.providersim.mistral;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.Set;

/** Checks tools, which must have parameters here, the choice among them, and the format. */
final class MistralTools {
  private static final Set<String> CHOICES = Set.of("auto", "none", "any", "required");
  private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

  private MistralTools() {}

  static void check(RequestFields request) throws Rejection {
    for (RequestFields tool : request.objects("tools")) {
      tool.onlyKnown(Set.of("type", "function")).mayBeOneOf("type", Set.of("function"));
      RequestFields function =
          tool.needObject("function")
              .onlyKnown(Set.of("name", "description", "parameters", "strict"));
      function.needText("name");
      function.needObject("parameters");
    }
    choice(request);
    format(request);
  }

  private static void choice(RequestFields request) throws Rejection {
    if (!request.has("tool_choice")) {
      return;
    }
    if (request.node("tool_choice").isTextual()) {
      request.needOneOf("tool_choice", CHOICES);
      return;
    }
    RequestFields choice = request.needObject("tool_choice").onlyKnown(Set.of("type", "function"));
    choice.needObject("function").onlyKnown(Set.of("name")).needText("name");
  }

  private static void format(RequestFields request) throws Rejection {
    if (!request.has("response_format")) {
      return;
    }
    RequestFields format =
        request.needObject("response_format").onlyKnown(Set.of("type", "json_schema"));
    if (format.needOneOf("type", FORMATS).equals("json_schema")) {
      RequestFields schema =
          format
              .needObject("json_schema")
              .onlyKnown(Set.of("name", "description", "schema", "strict"));
      schema.needText("name");
      schema.needObject("schema");
    }
  }
}
