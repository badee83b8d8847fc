package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * What the steps ask of a client's request, whatever its dialect. It has been read far enough to be
 * judged and charged; all else of it keeps its bytes. Holds the prompt, which no {@code toString}
 * shows. Owned by one exchange.
 */
public interface ClientRequest {

  /** The model's name as the client wrote it. */
  String model();

  boolean stream();

  /**
   * Whether the client wants to be told the usage of a stream, where its dialect leaves it that.
   */
  default boolean usageAsked() {
    return true;
  }

  /** The client's limit on output tokens of one answer; negative where it states none. */
  long maxTokens();

  /**
   * Lowers the limit on output tokens of one answer, for every provider that the request goes to;
   * never raises it. All else of the request keeps its bytes.
   */
  void limitOutput(long most);

  /** Output tokens without which the request would be refused by every provider, or pointless. */
  default long leastOutput() {
    return 0;
  }

  /** How many answers are asked for. */
  default long choices() {
    return 1;
  }

  /** The service tier that it asks for, by the provider's word; empty: none. */
  default String serviceTier() {
    return "";
  }

  /** Size of the request; no tokenizer makes more tokens than bytes. */
  int bytes();

  /**
   * Whether a part of the input is not in the request but lies at the provider, such as an earlier
   * answer that it goes on from: {@link #bytes} says nothing of its size.
   */
  default boolean hasInputElsewhere() {
    return false;
  }

  /** The client's own id of a WebSocket message, as JSON; {@code null} where there is none. */
  default String clientId() {
    return "null";
  }

  /**
   * What the client is told where a field cannot be carried to any provider.
   *
   * @param refusal {@code unsupported_field}, or what a translation finds wrong
   */
  default Refusal lost(Refusal refusal) {
    return refusal;
  }

  /**
   * Shows everything in the request that a model may see.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} where a
   *     text is not UTF-8
   */
  void visit(TextVisitor visitor);

  /**
   * Puts placeholders into one text, for every provider that the request goes to; all else of the
   * text stays byte for byte.
   *
   * @param start of the text, as {@link TextVisitor.Place#start()} told it; each at most once
   * @param parts in order, without overlaps
   */
  void redact(int start, List<Redaction> parts);

  /**
   * The body for a provider that speaks the same dialect: its name of the model in place of the
   * client's, usage asked for where it has to be, and every other byte as it came.
   */
  Buffer forProvider(String upstreamModel);

  /**
   * The same for a provider that has to be asked for usage with every piece, where it is to tell it
   * so.
   */
  default Buffer forProvider(String upstreamModel, boolean continuousUsage) {
    return forProvider(upstreamModel);
  }

  /** Whether the client wants usage with every piece of a stream. */
  default boolean continuousUsageAsked() {
    return false;
  }
}
