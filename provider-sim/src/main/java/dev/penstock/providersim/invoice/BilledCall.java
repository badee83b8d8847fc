package dev.penstock.providersim.invoice;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the invoice, as it stood when it was asked for.
 *
 * @param index counts calls from 0 in the order their heads arrived; never reused
 * @param startedAt UTC, ISO 8601
 * @param protocol such as {@code openai-chat} or {@code anthropic-messages}, see the README; null
 *     for a path no provider has
 * @param headerNames lower case, in order of arrival; never the values
 * @param rejection why a {@link Outcome#REJECTED} call was refused
 * @param bytesSent bytes of answer body handed to the socket, HTTP framing not counted
 * @param chunksSent events that carried tokens; role, finish, usage and {@code [DONE]} do not count
 * @param abortedAtMicros how long after the start the client was seen gone; null if it was not
 * @param usage what is billed; null where nothing is
 */
public record BilledCall(
    long index,
    String startedAt,
    @Nullable String protocol,
    String method,
    String path,
    List<String> headerNames,
    String body,
    @Nullable String model,
    boolean stream,
    int status,
    Outcome outcome,
    @Nullable String rejection,
    long bytesSent,
    long chunksSent,
    @Nullable Long abortedAtMicros,
    @Nullable Usage usage,
    long billedNanoUsd) {

  public BilledCall {
    headerNames = List.copyOf(headerNames);
  }

  /** The body is a prompt; it belongs in an answer that was asked for, not in a log line. */
  @Override
  public String toString() {
    return "BilledCall[index=%d, model=%s, status=%d, outcome=%s, chunksSent=%d, billedNanoUsd=%d]"
        .formatted(index, model, status, outcome.word(), chunksSent, billedNanoUsd);
  }
}
