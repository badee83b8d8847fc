package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the tools of a chat completion request, which of them is to be called, and its format. */
final class ChatTools {
  private static final int MOST_TOOLS = 128;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final Set<String> CHOICES = Set.of("none", "auto", "required");
  private static final Set<String> CHOICE_TYPES = Set.of("function", "custom", "allowed_tools");
  private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

  private ChatTools() {}

  static void check(RequestFields request, Flavour flavour) throws Rejection {
    List<RequestFields> tools = request.objects("tools");
    if (request.has("tools") && (tools.isEmpty() || tools.size() > MOST_TOOLS)) {
      throw request.wrongValue("tools", "an array of 1 to " + MOST_TOOLS + " tools");
    }
    Set<String> names = new HashSet<>();
    for (RequestFields tool : tools) {
      String type = tool.needOneOf("type", Set.of("function", "custom"));
      names.add(name(tool.needObject(type)));
    }
    if (!flavour.isOpen() && names.isEmpty() && request.has("parallel_tool_calls")) {
      throw onlyWithTools("parallel_tool_calls");
    }
    choice(request, names);
    format(request);
  }

  private static String name(RequestFields function) throws Rejection {
    String name = function.needText("name");
    if (!NAME.matcher(name).matches()) {
      throw function.wrongValue("name", "a string that matches '^[a-zA-Z0-9_-]{1,64}$'");
    }
    return name;
  }

  private static void choice(RequestFields request, Set<String> names) throws Rejection {
    JsonNode choice = request.node("tool_choice");
    if (!request.has("tool_choice")) {
      return;
    }
    if (names.isEmpty()) {
      throw onlyWithTools("tool_choice");
    }
    if (choice.isTextual()) {
      request.needOneOf("tool_choice", CHOICES);
      return;
    }
    RequestFields chosen = request.needObject("tool_choice");
    String type = chosen.needOneOf("type", CHOICE_TYPES);
    if (!type.equals("allowed_tools")
        && !names.contains(chosen.needObject(type).needText("name"))) {
      throw Rejection.badRequest(
          "Tool choice names a tool that is not in 'tools'.", "tool_choice", null);
    }
  }

  private static Rejection onlyWithTools(String param) {
    return Rejection.badRequest(
        "'" + param + "' is only allowed when 'tools' are specified.", param, null);
  }

  private static void format(RequestFields request) throws Rejection {
    if (!request.has("response_format")) {
      return;
    }
    RequestFields format = request.needObject("response_format");
    if (format.needOneOf("type", FORMATS).equals("json_schema")) {
      RequestFields schema = format.needObject("json_schema");
      schema.needText("name");
      schema.needObject("schema");
    }
  }
}
