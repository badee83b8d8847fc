package dev.penstock.it.compatibility;

import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.Call;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.kit.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts together what comes in pieces. */
final class Heard {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final Map<Long, String> names = new TreeMap<>();
  private final Map<Long, StringBuilder> arguments = new TreeMap<>();
  private final String noArguments;
  private @Nullable End end;

  private Heard(String noArguments) {
    this.noArguments = noArguments;
  }

  /** Of a dialect in which arguments are always a JSON object. */
  static Heard strict() {
    return new Heard("");
  }

  /** Of Anthropic's, whose API sends nothing as the input of a tool that takes nothing. */
  static Heard lenient() {
    return new Heard("{}");
  }

  void text(String piece) {
    text.append(piece);
  }

  void refusal(String piece) {
    refusal.append(piece);
  }

  void thought(String piece) {
    thoughts.append(piece);
  }

  void call(long index, String name) {
    names.put(index, name);
  }

  void arguments(long index, String piece) {
    arguments.computeIfAbsent(index, first -> new StringBuilder()).append(piece);
  }

  void end(End how) {
    if (end != null) {
      throw new AssertionError("ended twice: " + end + ", " + how);
    }
    end = how;
  }

  /** The whole; an answer that just stopped coming is none. */
  Answered answered() {
    if (end == null) {
      throw new AssertionError("the answer had no end: " + text);
    }
    return new Answered(
        said(),
        thoughts.toString(),
        names.entrySet().stream()
            .map(call ->
                new Call(
                    call.getValue(),
                    compact(arguments.getOrDefault(call.getKey(), new StringBuilder()).toString())))
            .toList(),
        end);
  }

  private String said() {
    return text.isEmpty() || refusal.isEmpty() ? text.toString() + refusal : text + " " + refusal;
  }

  private String compact(String json) {
    return Json.parse(json.isEmpty() ? noArguments : json).toString();
  }
}
