package dev.penstock.dataplane.dialect.openai.chat;

import static dev.penstock.dataplane.dialect.json.JsonBytes.endOfText;
import static dev.penstock.dataplane.dialect.json.JsonBytes.is;
import static dev.penstock.dataplane.dialect.json.JsonBytes.isSpace;
import static dev.penstock.dataplane.dialect.json.JsonBytes.skipSpace;

import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.openai.ServedTier;
import dev.penstock.kernel.money.Tokens;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads off one {@code chat.completion.chunk} what the gateway has to know, in one pass over its
 * bytes and without building anything: is it whole, does it carry content, does it finish, does it
 * hold usage, is it an error.
 *
 * <p>Text inside JSON strings is skipped, so nothing that a model says can look like structure.
 * Keys are only looked at where they mean something: {@code choices}, {@code usage} and {@code
 * error} at the top, {@code finish_reason} in a choice, what a token arrives in inside a {@code
 * delta}. Reused from chunk to chunk by one stream.
 */
public final class ChunkScan implements StreamScan {

  private static final int TOP = 1;
  private static final int CHOICE = 3;
  private static final int DELTA = 4;

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final boolean mistral;
  private boolean wellFormed;
  private boolean terminal;
  private boolean content;
  private int contentAt;
  private boolean finish;
  private boolean error;
  private boolean emptyChoices;
  private int usageStart;
  private int usageEnd;

  public ChunkScan() {
    this(false);
  }

  private ChunkScan(boolean mistral) {
    this.mistral = mistral;
  }

  /** For Mistral's answers, whose errors have no object around them. */
  public static ChunkScan ofMistral() {
    return new ChunkScan(true);
  }

  @Override
  public void scan(byte[] bytes, int from, int to) {
    scanWhole(bytes, from, to);
    if (!wellFormed && Arrays.equals(bytes, from, to, DONE, 0, DONE.length)) {
      wellFormed = true;
      terminal = true;
    }
  }

  @Override
  public void scanWhole(byte[] bytes, int from, int to) {
    wellFormed = false;
    terminal = false;
    content = false;
    finish = false;
    error = false;
    emptyChoices = false;
    usageStart = -1;
    usageEnd = -1;
    int at = skipSpace(bytes, from, to);
    int end = to;
    while (end > at && isSpace(bytes[end - 1])) {
      end--;
    }
    if (end - at < 2 || bytes[at] != '{' || bytes[end - 1] != '}') {
      return;
    }
    int depth = 0;
    while (at < end) {
      byte c = bytes[at];
      if (c == '"') {
        int textStart = at + 1;
        int textEnd = endOfText(bytes, textStart, end);
        if (textEnd < 0) {
          return;
        }
        at = textEnd + 1;
        if (depth == TOP || depth == CHOICE || depth == DELTA) {
          int value = skipSpace(bytes, at, end);
          if (value < end && bytes[value] == ':') {
            onKey(depth, bytes, textStart, textEnd, skipSpace(bytes, value + 1, end), end);
          }
        }
      } else {
        if (c == '{' || c == '[') {
          depth++;
        } else if (c == '}' || c == ']') {
          depth--;
          if (depth == TOP && usageStart >= 0 && usageEnd < 0) {
            usageEnd = at + 1;
          }
          if (depth < 0 || (depth == 0 && at != end - 1)) {
            return;
          }
        }
        at++;
      }
    }
    wellFormed = depth == 0;
  }

  /** Depths count every bracket: {@code {1 "choices": [2 {3 "delta": {4 …}}]}}. */
  private void onKey(int depth, byte[] bytes, int from, int to, int value, int end) {
    if (value >= end) {
      return;
    }
    byte first = bytes[value];
    switch (depth) {
      case TOP -> {
        if (first == '{' && is(bytes, from, to, "usage")) {
          usageStart = value;
        } else if (first == '[' && is(bytes, from, to, "choices")) {
          int inside = skipSpace(bytes, value + 1, end);
          emptyChoices = inside < end && bytes[inside] == ']';
        } else if ((first == '{' || first == '"') && is(bytes, from, to, "error")) {
          error = true;
        } else if (mistral) {
          error |= isMistralError(bytes, from, to, value, end);
        }
      }
      case CHOICE -> {
        if (first == '"' && is(bytes, from, to, "finish_reason")) {
          finish = true;
        }
      }
      default -> {
        if (carriesToken(bytes, from, to, value, end)) {
          // Log probabilities have a list of the same name, behind the text.
          contentAt = content && first != '"' ? contentAt : value;
          content = true;
        }
      }
    }
  }

  /** {@code "object":"error"}, or what its validation answers: {@code "detail":[…]}. */
  private static boolean isMistralError(byte[] bytes, int from, int to, int value, int end) {
    if (bytes[value] == '"') {
      int text = value + 1;
      return is(bytes, from, to, "object") && is(bytes, text, endOfText(bytes, text, end), "error");
    }
    return bytes[value] == '[' && is(bytes, from, to, "detail");
  }

  private static boolean carriesToken(byte[] bytes, int from, int to, int value, int end) {
    if (value + 1 >= end) {
      return false;
    }
    byte first = bytes[value];
    byte second = bytes[value + 1];
    return switch (to - from) {
      case 7 ->
          (first == '"' && second != '"' || first == '[' && second != ']')
              && (is(bytes, from, to, "content") || is(bytes, from, to, "refusal"));
      case 9 -> first == '"' && second != '"' && is(bytes, from, to, "reasoning");
      case 10 -> first == '[' && second != ']' && is(bytes, from, to, "tool_calls");
      case 13 -> first == '{' && second != '}' && is(bytes, from, to, "function_call");
      case 17 -> first == '"' && second != '"' && is(bytes, from, to, "reasoning_content");
      default -> false;
    };
  }

  /** Whether the brackets and strings of the chunk match. */
  @Override
  public boolean wellFormed() {
    return wellFormed;
  }

  @Override
  public boolean content() {
    return content;
  }

  @Override
  public int contentAt() {
    return contentAt;
  }

  /** Whether a choice finishes. */
  @Override
  public boolean finish() {
    return finish;
  }

  @Override
  public boolean terminal() {
    return terminal;
  }

  @Override
  public boolean error() {
    return error;
  }

  @Override
  public boolean usage() {
    return usageStart >= 0 && usageEnd > usageStart;
  }

  @Override
  public boolean usageOnly() {
    return emptyChoices && usage();
  }

  @Override
  public void hideUsage(byte[] bytes) {
    UsageMember.blank(bytes, usageStart, usageEnd);
  }

  /** Every count is of the whole call so far. */
  @Override
  public Optional<Tokens> tokens(byte[] bytes, @Nullable Tokens before) {
    return ChatUsage.read(bytes, usageStart, usageEnd);
  }

  @Override
  public String serviceTier(byte[] bytes, int from, int to) {
    return ServedTier.in(bytes, from, to, TOP);
  }
}
