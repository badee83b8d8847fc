package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the tools of a request, and which of them is to be used. */
final class Tools {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final Set<String> CUSTOM =
      Set.of("type", "name", "description", "input_schema", "strict", "cache_control");

  private Tools() {}

  static void check(RequestFields request, Thinking thinking) throws Rejection {
    Set<String> names = new HashSet<>();
    for (RequestFields tool : request.objects("tools")) {
      String name = tool.needText("name");
      if (!NAME.matcher(name).matches()) {
        throw Rejection.badRequest(
            "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'", tool.at("name"), null);
      }
      if (!names.add(name)) {
        throw Rejection.badRequest("Tool names must be unique.", "tools", null);
      }
      CacheControl.check(tool);
      if (tool.node("type").asText("custom").equals("custom")) {
        custom(tool);
      }
    }
    choice(request, names, thinking);
  }

  private static void custom(RequestFields tool) throws Rejection {
    tool.onlyKnown(CUSTOM);
    tool.needObject("input_schema").needOneOf("type", Set.of("object"));
    tool.text("description");
    tool.flag("strict");
  }

  private static void choice(RequestFields request, Set<String> names, Thinking thinking)
      throws Rejection {
    if (!request.has("tool_choice")) {
      return;
    }
    RequestFields choice = request.needObject("tool_choice");
    String type = choice.needOneOf("type", Set.of("auto", "any", "tool", "none"));
    choice.onlyKnown(
        switch (type) {
          case "tool" -> Set.of("type", "name", "disable_parallel_tool_use");
          case "none" -> Set.of("type");
          default -> Set.of("type", "disable_parallel_tool_use");
        });
    boolean forced = type.equals("any") || type.equals("tool");
    if (forced && thinking == Thinking.ON) {
      throw Rejection.badRequest(
          "Thinking may not be enabled when tool_choice forces tool use.", null, null);
    }
    if (!type.equals("none") && names.isEmpty()) {
      throw Rejection.badRequest(
          "may only be specified while providing `tools`", "tool_choice", null);
    }
    if (type.equals("tool") && !names.contains(choice.needText("name"))) {
      throw Rejection.badRequest(
          "Tool '" + choice.needText("name") + "' not found in provided tools",
          "tool_choice.name",
          null);
    }
  }
}
