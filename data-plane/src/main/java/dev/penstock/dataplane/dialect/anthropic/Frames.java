package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import dev.penstock.dataplane.dialect.json.JsonText;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The events of a stream as bytes. Each has its {@code event:} line, without which the SDKs pass
 * over it; no kind is ever sent that Anthropic does not send, as some clients fail on it.
 *
 * <p>Source: Anthropic API reference, "Streaming messages".
 */
final class Frames {

  private static final byte[] TEXT_DELTA = deltaHead("text_delta", "text");
  private static final byte[] JSON_DELTA = deltaHead("input_json_delta", "partial_json");
  private static final byte[] THINKING_DELTA = deltaHead("thinking_delta", "thinking");
  private static final byte[] SIGNATURE_DELTA = deltaHead("signature_delta", "signature");
  private static final byte[] DELTA =
      ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  private static final byte[] DELTA_END = ascii("\"}}\n\n");

  private Frames() {}

  /** A kind of delta, from after the block's index to where its text goes. */
  private static byte[] deltaHead(String type, String field) {
    return ascii(",\"delta\":{\"type\":\"%s\",\"%s\":\"".formatted(type, field));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static void textDelta(Buffer out, int index, String text) {
    delta(out, index, TEXT_DELTA, text);
  }

  static void jsonDelta(Buffer out, int index, String json) {
    delta(out, index, JSON_DELTA, json);
  }

  static void thinkingDelta(Buffer out, int index, String text) {
    delta(out, index, THINKING_DELTA, text);
  }

  static void signatureDelta(Buffer out, int index, Signature signature) {
    delta(out, index, SIGNATURE_DELTA, kept(signature));
  }

  private static void delta(Buffer out, int index, byte[] head, String text) {
    out.appendBytes(DELTA).appendString(Integer.toString(index)).appendBytes(head);
    JsonText.append(out, text);
    out.appendBytes(DELTA_END);
  }

  static void messageStart(Buffer out, String id, String model, Tokens usage) {
    frame(
        out,
        "message_start",
        ",\"message\":{\"id\":%s,\"type\":\"message\",\"role\":\"assistant\",\"model\":%s,\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":%s}"
            .formatted(quote(id), quote(model), usage(usage)));
  }

  static void blockStart(Buffer out, int index, Block block) {
    frame(
        out,
        "content_block_start",
        ",\"index\":%d,\"content_block\":%s".formatted(index, emptyBlock(block)));
  }

  /** A block before anything is added to it. */
  private static String emptyBlock(Block block) {
    return switch (block) {
      case Block.Text _, Block.Refusal _ -> "{\"type\":\"text\",\"text\":\"\"}";
      case Block.Reasoning _ -> "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
      case Block.EncryptedReasoning hidden ->
          "{\"type\":\"redacted_thinking\",\"data\":%s}".formatted(quote(kept(hidden)));
      case Block.ToolCall call ->
          "{\"type\":\"tool_use\",\"id\":%s,\"name\":%s,\"input\":{}}"
              .formatted(quote(call.id()), quote(call.name()));
    };
  }

  /** Encrypted thoughts as a client keeps them. */
  static String kept(Block.EncryptedReasoning hidden) {
    return new ReasoningMark(hidden.content(), Kind.ENCRYPTED, hidden.madeBy())
        .keptBy(Dialect.ANTHROPIC_MESSAGES);
  }

  /** A signature as a client keeps it. */
  static String kept(Signature signature) {
    return new ReasoningMark(signature.signature(), Kind.SIGNATURE, signature.madeBy())
        .keptBy(Dialect.ANTHROPIC_MESSAGES);
  }

  static void blockStop(Buffer out, int index) {
    frame(out, "content_block_stop", ",\"index\":" + index);
  }

  static void messageDelta(Buffer out, Stop stop, Tokens usage) {
    frame(
        out,
        "message_delta",
        ",\"delta\":{%s},\"usage\":%s".formatted(stop.members(), usage(usage)));
  }

  static void messageStop(Buffer out) {
    frame(out, "message_stop", "");
  }

  static void ping(Buffer out) {
    frame(out, "ping", "");
  }

  private static void frame(Buffer out, String type, String members) {
    out.appendString("event: %s\ndata: {\"type\":\"%s\"%s}\n\n".formatted(type, type, members));
  }

  /** The {@code usage} of an answer. */
  static String usage(Tokens tokens) {
    long uncached = tokens.input() - tokens.cacheRead() - tokens.cacheWrite();
    String thinking =
        tokens.reasoning() == 0
            ? ""
            : ",\"output_tokens_details\":{\"thinking_tokens\":%d}".formatted(tokens.reasoning());
    String hour =
        tokens.cacheWrite1h() == 0
            ? ""
            : ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":%d,\"ephemeral_1h_input_tokens\":%d}"
                .formatted(tokens.cacheWrite5m(), tokens.cacheWrite1h());
    return "{\"input_tokens\":%d,\"cache_creation_input_tokens\":%d,\"cache_read_input_tokens\":%d,\"output_tokens\":%d%s%s}"
        .formatted(
            uncached, tokens.cacheWrite(), tokens.cacheRead(), tokens.output(), hour, thinking);
  }

  /** A JSON string. */
  static String quote(String text) {
    return new String(JsonText.quoted(text), StandardCharsets.UTF_8);
  }
}
