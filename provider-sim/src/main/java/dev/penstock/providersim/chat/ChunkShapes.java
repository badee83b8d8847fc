package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.providersim.chat.ChatStream.UsagePlace;
import dev.penstock.providersim.dialect.FillerEvents;
import dev.penstock.providersim.dialect.Sse;
import dev.penstock.providersim.dialect.StreamShapes;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.openai.OpenAiErrors;
import dev.penstock.providersim.openai.OpenAiUsage;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import dev.penstock.providersim.vllm.VllmErrors;
import io.vertx.core.buffer.Buffer;

/**
 * The chunks of one streamed answer, in the field order OpenAI sends (November 2026). Only where
 * usage stands in every chunk is each rendered by itself.
 */
final class ChunkShapes implements StreamShapes {
  private static final String GOES_ON = "null";
  private static final String OBFUSCATION = "kQ3vZ8mTx1";
  private static final String FILTERED =
      """
      data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":\
      [{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},\
      "jailbreak":{"filtered":false,"detected":false},\
      "self_harm":{"filtered":false,"severity":"safe"},\
      "sexual":{"filtered":false,"severity":"safe"},\
      "violence":{"filtered":false,"severity":"safe"}}}]}

      """;

  private final ReplyId id;
  private final ChatStream asked;
  private final ChatDeltas deltas;
  private final String head;
  private final String tail;
  private final FillerEvents filler;
  private boolean spoke;
  private Usage soFar = new Usage(0, 0, 0);

  ChunkShapes(ReplyId id, ChatStream asked) {
    this.id = id;
    this.asked = asked;
    deltas = new ChatDeltas(asked.flavour());
    head =
        "data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%d,\"model\":%s,%s\"choices\":"
            .formatted(
                id.id(), id.created(), TextNode.valueOf(id.model()), service(asked.flavour()));
    tail =
        (asked.usage() == UsagePlace.LAST_CHUNK && !asked.flavour().isOpen()
                ? ",\"usage\":null"
                : "")
            + (asked.obfuscation() ? ",\"obfuscation\":\"" + OBFUSCATION + "\"" : "")
            + "}\n\n";
    filler =
        new FillerEvents(
            head + "[{\"index\":0,\"delta\":{\"content\":\"",
            "\"},\"logprobs\":null,\"finish_reason\":null}]" + tail);
  }

  private static String service(Flavour flavour) {
    return flavour.isOpen()
        ? ""
        : "\"service_tier\":\"default\",\"system_fingerprint\":\"" + ReplyId.FINGERPRINT + "\",";
  }

  @Override
  public Buffer start(Usage prompt) {
    soFar = prompt;
    return Buffer.buffer(asked.flavour() == Flavour.AZURE ? FILTERED : "");
  }

  @Override
  public Buffer text(Step.Text step, int first, int count) {
    if (asked.usage() == UsagePlace.EVERY_CHUNK) {
      return StreamShapes.super.text(step, first, count);
    }
    return begun(ChatDeltas.Begin.TEXT).appendBuffer(filler.of(step, first, count));
  }

  @Override
  public Buffer utter(Utterance utterance) {
    ObjectNode delta = deltas.delta(utterance);
    Buffer before = delta == null ? Buffer.buffer() : begun(ChatDeltas.Begin.of(utterance));
    soFar = soFar.answeredWith(soFar.completionTokens() + 1, 0);
    return delta == null ? before : before.appendBuffer(choice(delta, GOES_ON));
  }

  /** The role chunk, if nothing went before: who speaks, and nothing yet. */
  private Buffer begun(ChatDeltas.Begin begin) {
    if (spoke) {
      return Buffer.buffer();
    }
    spoke = true;
    return choice(deltas.role(begin), GOES_ON);
  }

  @Override
  public Buffer event(Step.Event event) {
    spoke = true;
    if (event.data() instanceof ObjectNode given && !given.has("error")) {
      return Sse.scripted(event.name(), filledIn(given));
    }
    return Sse.scripted(event.name(), event.data());
  }

  private ObjectNode filledIn(ObjectNode given) {
    ObjectNode chunk = JsonNodeFactory.instance.objectNode();
    chunk.put("id", id.id()).put("object", "chat.completion.chunk");
    chunk.put("created", id.created()).put("model", id.model());
    chunk.setAll(given);
    if (asked.usage() == UsagePlace.LAST_CHUNK && !chunk.has("usage")) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  /** A script may end an answer that never began; then there is no role chunk either. */
  @Override
  public Buffer finish(Step.Finish finish, Usage usage) {
    Buffer end = choice(JsonNodeFactory.instance.objectNode(), ending(finish));
    if (asked.usage() != UsagePlace.NOWHERE && finish.ending().sendsUsage()) {
      end.appendString(head + "[],\"usage\":" + json(usage) + "}\n\n");
    }
    if (finish.ending().sendsDone()) {
      end.appendString(Sse.DONE);
    }
    return end;
  }

  /** vLLM ends in good form after an error, so that {@code [DONE]} alone means nothing. */
  @Override
  public Buffer failure(Complaint complaint, String requestId) {
    return switch (asked.flavour()) {
      case OPENAI, AZURE -> Sse.data(OpenAiErrors.body(complaint));
      case VLLM -> Sse.data(VllmErrors.nested(complaint)).appendString(Sse.DONE);
      case OLDER_VLLM -> Sse.data(VllmErrors.flat(complaint)).appendString(Sse.DONE);
    };
  }

  @Override
  public Parallel parallel() {
    return Parallel.BRAIDED;
  }

  /** The reason, and at vLLM the text that was one. */
  private String ending(Step.Finish finish) {
    String reason = TextNode.valueOf(finish.reason()).toString();
    if (!asked.flavour().isOpen()) {
      return reason;
    }
    String text = finish.stopText();
    return reason + ",\"stop_reason\":" + (text == null ? "null" : TextNode.valueOf(text));
  }

  private Buffer choice(JsonNode delta, String ending) {
    return Buffer.buffer(
        head
            + "[{\"index\":0,\"delta\":"
            + delta
            + ",\"logprobs\":null,\"finish_reason\":"
            + ending
            + "}]"
            + (asked.usage() == UsagePlace.EVERY_CHUNK ? ",\"usage\":" + json(soFar) : "")
            + tail);
  }

  private JsonNode json(Usage usage) {
    return asked.flavour().isOpen() ? VllmUsage.json(usage) : OpenAiUsage.chat(usage);
  }
}
