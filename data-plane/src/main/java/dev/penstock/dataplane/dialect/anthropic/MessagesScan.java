package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.json.JsonBytes;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads off one event of a stream, or a whole message, what the gateway has to know. Keys are only
 * looked at where they mean something: at the top, and one level below it, in a {@code delta}, a
 * {@code content_block} or the {@code message} that a stream starts with. Text inside strings is
 * skipped, so nothing that a model says can look like structure.
 */
public final class MessagesScan implements StreamScan {

  private static final int TOP = 1;
  private static final int INSIDE = 2;
  private static final int ABSENT = -1;

  private final UsageCount count = new UsageCount();
  private boolean wellFormed;
  private boolean content;
  private int contentAt;
  private boolean terminal;
  private boolean error;
  private boolean start;
  private int usageStart;
  private int end;

  @Override
  public void scan(byte[] bytes, int from, int to) {
    clear(to);
    int at = JsonBytes.skipSpace(bytes, from, to);
    if (at == to || bytes[at] != '{') {
      return;
    }
    int depth = 0;
    while (at < to) {
      byte c = bytes[at++];
      if (c == '"') {
        at = afterText(bytes, at, depth);
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth == 0) {
          wellFormed = JsonBytes.skipSpace(bytes, at, to) == to;
          return;
        }
      }
    }
  }

  private void clear(int to) {
    wellFormed = false;
    content = false;
    terminal = false;
    error = false;
    start = false;
    usageStart = ABSENT;
    end = to;
  }

  @Override
  public void scanWhole(byte[] bytes, int from, int to) {
    scan(bytes, from, to);
    terminal = false;
  }

  /** Where to go on after a text; behind the end where the text does not end. */
  private int afterText(byte[] bytes, int textStart, int depth) {
    int textEnd = JsonBytes.endOfText(bytes, textStart, end);
    if (textEnd < 0) {
      return end;
    }
    int colon = depth <= INSIDE ? JsonBytes.skipSpace(bytes, textEnd + 1, end) : end;
    if (colon < end && bytes[colon] == ':') {
      int value = JsonBytes.skipSpace(bytes, colon + 1, end);
      if (value + 1 < end && depth == TOP) {
        onTopKey(bytes, textStart, textEnd, value);
      } else if (value + 1 < end) {
        onInnerKey(bytes, textStart, textEnd, value);
      }
    }
    return textEnd + 1;
  }

  private void onTopKey(byte[] bytes, int from, int to, int value) {
    byte first = bytes[value];
    switch (to - from) {
      case 4 -> {
        if (first == '"' && JsonBytes.is(bytes, from, to, "type")) {
          onType(bytes, value + 1, JsonBytes.endOfText(bytes, value + 1, end));
        }
      }
      case 5 -> {
        if (first == '{' && JsonBytes.is(bytes, from, to, "usage")) {
          usageStart = value;
        } else if ((first == '{' || first == '"') && JsonBytes.is(bytes, from, to, "error")) {
          error = true;
        }
      }
      case 7 -> content(first == '[' && JsonBytes.is(bytes, from, to, "content"), value);
      default -> {}
    }
  }

  private void onType(byte[] bytes, int from, int to) {
    switch (to - from) {
      case 5 -> error |= JsonBytes.is(bytes, from, to, "error");
      case 12 -> terminal = JsonBytes.is(bytes, from, to, "message_stop");
      case 13 -> start = JsonBytes.is(bytes, from, to, "message_start");
      default -> {}
    }
  }

  private void onInnerKey(byte[] bytes, int from, int to, int value) {
    byte first = bytes[value];
    if (first == '{') {
      if (usageStart == ABSENT && JsonBytes.is(bytes, from, to, "usage")) {
        usageStart = value;
      }
      return;
    }
    if (first != '"' || bytes[value + 1] == '"') {
      return;
    }
    // A call's name and encrypted thoughts come with the start of a block, all else in deltas.
    content(
        switch (to - from) {
          case 4 ->
              JsonBytes.is(bytes, from, to, "text")
                  || JsonBytes.is(bytes, from, to, "name")
                  || JsonBytes.is(bytes, from, to, "data");
          case 8 -> JsonBytes.is(bytes, from, to, "thinking");
          case 12 -> JsonBytes.is(bytes, from, to, "partial_json");
          default -> false;
        },
        value);
  }

  private void content(boolean carries, int value) {
    if (carries) {
      content = true;
      contentAt = value;
    }
  }

  /** Whether the brackets and strings match. */
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

  /** Never: an error may come even after the reason for stopping. */
  @Override
  public boolean finish() {
    return false;
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
    return usageStart != ABSENT;
  }

  /** What an event leaves out stays as an earlier one told it. */
  @Override
  public Optional<Tokens> tokens(byte[] bytes, @Nullable Tokens before) {
    count.start(before);
    try (JsonParser json = WireJson.FACTORY.createParser(bytes, usageStart, end - usageStart)) {
      json.nextToken();
      count.read(json);
    } catch (IOException malformed) {
      return Optional.empty();
    }
    return start ? count.inputTokens() : count.tokens();
  }

  @Override
  public String serviceTier(byte[] bytes, int from, int to) {
    return count.serviceTier();
  }
}
