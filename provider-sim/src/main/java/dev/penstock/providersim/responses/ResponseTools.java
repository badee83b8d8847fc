package dev.penstock.providersim.responses;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks tools, which are flat here, the choice among them, and the format of text. */
final class ResponseTools {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final Set<String> TYPES =
      Set.of(
          "function",
          "custom",
          "web_search",
          "file_search",
          "code_interpreter",
          "computer_use_preview",
          "mcp",
          "image_generation",
          "shell",
          "local_shell",
          "apply_patch");
  private static final Set<String> FUNCTION =
      Set.of("type", "name", "description", "parameters", "strict");
  private static final Set<String> CHOICES = Set.of("none", "auto", "required");
  private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");

  private ResponseTools() {}

  static void check(RequestFields request) throws Rejection {
    Set<String> names = new HashSet<>();
    for (RequestFields tool : request.objects("tools")) {
      if (tool.needOneOf("type", TYPES).equals("function")) {
        names.add(name(tool));
      }
    }
    choice(request, names);
    format(request);
  }

  private static String name(RequestFields tool) throws Rejection {
    String name = tool.needText("name");
    if (!NAME.matcher(name).matches()) {
      throw tool.wrongValue("name", "a string that matches '^[a-zA-Z0-9_-]{1,64}$'");
    }
    tool.onlyKnown(FUNCTION).object("parameters");
    return name;
  }

  private static void choice(RequestFields request, Set<String> names) throws Rejection {
    if (!request.has("tool_choice")) {
      return;
    }
    if (request.node("tool_choice").isTextual()) {
      request.needOneOf("tool_choice", CHOICES);
      return;
    }
    RequestFields choice = request.needObject("tool_choice");
    if (choice.needText("type").equals("function") && !names.contains(choice.needText("name"))) {
      throw Rejection.badRequest(
          "Tool choice 'function' not found in 'tools' parameter.", "tool_choice", null);
    }
  }

  private static void format(RequestFields request) throws Rejection {
    Optional<RequestFields> text = request.object("text");
    if (text.isEmpty()) {
      return;
    }
    text.get().onlyKnown(Set.of("format", "verbosity"));
    text.get().mayBeOneOf("verbosity", Set.of("low", "medium", "high"));
    Optional<RequestFields> format = text.get().object("format");
    if (format.isPresent() && format.get().needOneOf("type", FORMATS).equals("json_schema")) {
      format.get().needText("name");
      format.get().needObject("schema");
    }
  }
}
