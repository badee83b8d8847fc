package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step.Ending;
import dev.penstock.providersim.script.Step.Stamp;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads one step; which kind it is, the one field named after a kind says. */
final class StepReader {
  private static final List<String> KINDS =
      List.of(
          "say", "think", "refuse", "call", "calls", "finish", "fail", "text", "event", "bytes",
          "sleep", "stall", "reset", "close", "status");
  private static final long LONGEST_SLEEP_MICROS = 3_600_000_000L;

  /** One reader serves one script, whose calls it counts. */
  private final TalkReader talk = new TalkReader();

  Step read(Fields fields) {
    List<String> kinds = KINDS.stream().filter(fields::has).toList();
    if (kinds.size() != 1) {
      throw new BadScript(
          fields.place() + ": " + kinds + " (expected: exactly one of " + KINDS + ")");
    }
    return switch (kinds.getFirst()) {
      case "say" -> talk.words(fields, "say", Utterance.Said::new);
      case "think" -> talk.words(fields, "think", Utterance.Thought::new);
      case "refuse" -> talk.words(fields, "refuse", Utterance.Refused::new);
      case "call" -> talk.call(fields);
      case "calls" -> talk.calls(fields);
      case "fail" -> fail(fields.allow("fail"));
      case "event" -> event(fields.allow("event", "name", "tokens"));
      case "bytes" -> bytes(fields.allow("bytes"));
      case "sleep" -> sleep(fields.allow("sleep"));
      case "status" -> status(fields.allow("status", "headers", "body"));
      case "text" -> text(fields.allow("text"));
      case "finish" -> finish(fields.allow("finish", "usage", "done", "stopText"));
      case "stall" -> bare(fields, "stall", new Step.Stall());
      case "reset" -> bare(fields, "reset", new Step.Reset());
      default -> bare(fields, "close", new Step.Close());
    };
  }

  private static Step bare(Fields fields, String kind, Step step) {
    if (!fields.allow(kind).flag(kind, false)) {
      throw fields.bad(kind, "false", "true");
    }
    return step;
  }

  private static Step fail(Fields fields) {
    Fields fail = new Fields(fields.place() + ".fail", fields.node("fail"));
    fail.allow("status", "message", "type", "code", "retryAfter");
    long retryAfter = fail.whole("retryAfter", -1, 0, 86_400);
    return new Step.Fail(
        new Complaint(
            (int) fail.whole("status", 500, 400, 599),
            Complaint.Kind.SENTENCE,
            optional(fail, "message"),
            null,
            optional(fail, "type"),
            optional(fail, "code")),
        retryAfter < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfter));
  }

  private static @Nullable String optional(Fields fields, String name) {
    return fields.has(name) ? fields.text(name) : null;
  }

  private static Step event(Fields fields) {
    JsonNode data = fields.node("event");
    long tokens = fields.whole("tokens", carriesContent(data) ? 1 : 0, 0, 1_000_000);
    return new Step.Event(optional(fields, "name"), data, (int) tokens);
  }

  private static boolean carriesContent(JsonNode chunk) {
    JsonNode delta = chunk.path("choices").path(0).path("delta");
    return !delta.path("content").asText("").isEmpty()
        || !delta.path("reasoning_content").asText("").isEmpty()
        || !delta.path("refusal").asText("").isEmpty()
        || !delta.path("tool_calls").isEmpty();
  }

  private static Step bytes(Fields fields) {
    JsonNode node = fields.node("bytes");
    if (node.isTextual()) {
      return new Step.Bytes(Buffer.buffer(node.textValue().getBytes(StandardCharsets.UTF_8)));
    }
    String base64 = new Fields(fields.place() + ".bytes", node).allow("base64").text("base64");
    try {
      return new Step.Bytes(Buffer.buffer(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException notBase64) {
      throw fields.bad("bytes.base64", "not base64", "RFC 4648 with padding");
    }
  }

  private static Step sleep(Fields fields) {
    return new Step.Sleep(fields.whole("sleep", 0, 0, LONGEST_SLEEP_MICROS));
  }

  private static Step status(Fields fields) {
    int code = (int) fields.whole("status", 200, 200, 599);
    Map<String, String> headers = new LinkedHashMap<>();
    if (fields.has("headers")) {
      Fields given = new Fields(fields.place() + ".headers", fields.node("headers"));
      given.json().fieldNames().forEachRemaining(name -> headers.put(name, given.text(name)));
    }
    return new Step.Status(code, headers, body(fields));
  }

  private static @Nullable String body(Fields fields) {
    if (!fields.has("body")) {
      return null;
    }
    JsonNode body = fields.node("body");
    return body.isTextual() ? body.textValue() : body.toString();
  }

  private static Step text(Fields fields) {
    Fields text = new Fields(fields.place() + ".text", fields.node("text"));
    text.allow("chunks", "bytes", "every", "group", "stamped");
    boolean stamped = text.flag("stamped", false);
    return new Step.Text(
        (int) text.whole("chunks", 1, 0, 1_000_000_000),
        (int) text.whole("bytes", 24, stamped ? 24 : 1, 1 << 20),
        text.whole("every", 0, 0, LONGEST_SLEEP_MICROS),
        (int) text.whole("group", 1, 1, 1_000),
        stamped ? Stamp.MICROS : Stamp.NONE);
  }

  private static Step finish(Fields fields) {
    boolean usage = fields.flag("usage", true);
    boolean done = fields.flag("done", true);
    return new Step.Finish(
        fields.text("finish"), ending(usage, done), optional(fields, "stopText"));
  }

  private static Ending ending(boolean usage, boolean done) {
    if (usage) {
      return done ? Ending.WHOLE : Ending.WITHOUT_DONE;
    }
    return done ? Ending.WITHOUT_USAGE : Ending.FINISH_CHUNK_ONLY;
  }
}
