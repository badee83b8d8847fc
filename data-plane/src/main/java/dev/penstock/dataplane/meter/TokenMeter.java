package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.dialect.json.JsonBytes;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.kernel.money.ServiceTiers;
import dev.penstock.kernel.money.Tokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches one answer: what its provider reports, and what was written, of which {@link Estimates}
 * makes a count where the provider reports none. Counts no token itself. Owned by one exchange.
 */
public final class TokenMeter {

  private static final int BYTES_PER_TOKEN = 4;

  /** Enough to tell what a text is like, and little beside a stream's buffers. */
  private static final int MAX_SAMPLE_BYTES = 2 * 1024;

  private final TextSample written = new TextSample(MAX_SAMPLE_BYTES);
  private long contentEvents;
  private @Nullable Tokens reported;
  private boolean outputReported;
  private boolean continuous;
  private long eventsAtReport;
  private long lengthAtReport;
  private String serviceTier = "";

  /** An event with content passed. */
  public void contentEvent() {
    contentEvents++;
  }

  /**
   * What an event with content says, in the value that begins at {@code at}: a JSON string, or a
   * list or object with the pieces of calls or parts.
   *
   * @param end of the event's data, which are well-formed
   */
  public void wrote(byte[] bytes, int at, int end) {
    if (bytes[at] == '"') {
      text(bytes, at + 1, end);
      return;
    }
    int depth = 0;
    int next = at;
    do {
      byte c = bytes[next++];
      if (c == '"') {
        next = afterText(bytes, next, end);
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
    } while (depth > 0 && next < end);
  }

  /** Takes the text in that begins here, and says what follows its quote. */
  private int text(byte[] bytes, int from, int end) {
    int to = JsonBytes.endOfText(bytes, from, end);
    if (to < 0) {
      return end;
    }
    written.add(bytes, from, to);
    return to + 1;
  }

  private int afterText(byte[] bytes, int from, int end) {
    int to = JsonBytes.endOfText(bytes, from, end);
    if (to < 0) {
      return end;
    }
    int colon = JsonBytes.skipSpace(bytes, to + 1, end);
    if (colon < end && bytes[colon] == ':' && isOutput(bytes, from, to)) {
      int value = JsonBytes.skipSpace(bytes, colon + 1, end);
      if (value < end && bytes[value] == '"') {
        return text(bytes, value + 1, end);
      }
    }
    return to + 1;
  }

  private static boolean isOutput(byte[] bytes, int from, int to) {
    return switch (to - from) {
      case 4 -> JsonBytes.is(bytes, from, to, "text") || JsonBytes.is(bytes, from, to, "name");
      case 9 -> JsonBytes.is(bytes, from, to, "arguments");
      default -> false;
    };
  }

  /**
   * What was written so far, in tokens, rather too many than too few: an event is one token at
   * least, and two bytes are seldom more than one.
   */
  public long outputAtMost() {
    return Math.max(contentEvents, written.length() >> 1);
  }

  /** What was written, decoded. */
  public void wrote(String text) {
    written.add(text);
  }

  /** A whole answer that nobody can read: all of it is taken for text. */
  void wroteAll(byte[] answer) {
    written.add(answer, 0, answer.length);
  }

  /**
   * The provider reported; a later report replaces an earlier one. One without output is of what it
   * read, and not yet of what it wrote.
   */
  public void reported(Tokens tokens) {
    reported = tokens;
    if (tokens.output() > 0) {
      outputReported = true;
      eventsAtReport = contentEvents;
      lengthAtReport = written.length();
    }
  }

  /** The provider said in which tier it serves; empty: it did not. */
  public void servedIn(String tier) {
    if (!tier.isEmpty()) {
      serviceTier = ServiceTiers.wordOf(tier);
    }
  }

  /** By the provider's word; empty: it has not said. */
  String serviceTier() {
    return serviceTier;
  }

  /** The provider reports with every piece: its last report is the whole's only at the end. */
  public void continuous() {
    continuous = true;
  }

  /** What the provider has reported so far. */
  public @Nullable Tokens reported() {
    return reported;
  }

  /** Content events so far. */
  public long outputSoFar() {
    return contentEvents;
  }

  /**
   * The provider's count, where nothing has to be added to it.
   *
   * @param complete whether the answer is; then a count of its output is the last word
   */
  Optional<Usage> counted(boolean complete) {
    if (reported == null) {
      return Optional.empty();
    }
    boolean nothingSince = contentEvents == eventsAtReport;
    if (complete ? outputReported || nothingSince : nothingSince) {
      boolean whole = complete || (outputReported && !continuous);
      return Optional.of(
          new Usage(reported, whole ? UsageSource.PROVIDER : UsageSource.PARTIAL, serviceTier));
    }
    return Optional.empty();
  }

  /** How many tokens were written since the provider reported, or since the beginning. */
  long writtenSinceReport(Tokenizer tokenizer) {
    long events = contentEvents - eventsAtReport;
    long length = written.length() - lengthAtReport;
    if (length == 0) {
      return events;
    }
    long all = tokenizer.count(written);
    return Math.max(1, Math.ceilDiv(all * length, written.length()));
  }

  /** The same where there is no time to count: a token for every four bytes. */
  long roughlyWrittenSinceReport() {
    return Math.max(
        contentEvents - eventsAtReport,
        Math.ceilDiv(written.length() - lengthAtReport, BYTES_PER_TOKEN));
  }

  /** What a request of so many bytes is taken for where nobody looks into it. */
  public static long estimateInput(int requestBytes) {
    return Math.ceilDiv(requestBytes, BYTES_PER_TOKEN);
  }

  /** What so many bytes are taken for where nobody looks into them. */
  static long roughTokens(long bytes) {
    return Math.ceilDiv(bytes, BYTES_PER_TOKEN);
  }
}
