package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.json.JsonBytes;
import dev.penstock.dataplane.dialect.openai.ObjectScan;
import dev.penstock.dataplane.dialect.openai.OpenAiUsage;
import dev.penstock.dataplane.dialect.openai.ServedTier;
import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads off one event of a response's stream, or off a whole response, what the gateway has to
 * know. The type in the data counts, as the SDKs go by it, and not the name of the SSE event.
 */
public final class ResponsesScan implements StreamScan, ObjectScan.Keys {

  private static final int TOP = 1;
  private static final int RESPONSE = 2;

  private static final String DELTA = ".delta";
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private boolean whole;
  private boolean wellFormed;
  private boolean deltaType;
  private boolean delta;
  private int deltaAt;
  private boolean terminal;
  private boolean error;
  private boolean inResponse;
  private int usageStart;
  private int usageEnd;

  @Override
  public void scan(byte[] bytes, int from, int to) {
    reset();
    whole = false;
    // Some servers end with the mark of another dialect, which says nothing about success.
    wellFormed =
        ObjectScan.scan(bytes, from, to, RESPONSE, this)
            || Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
  }

  @Override
  public void scanWhole(byte[] bytes, int from, int to) {
    reset();
    whole = true;
    wellFormed = ObjectScan.scan(bytes, from, to, TOP, this);
  }

  private void reset() {
    deltaType = false;
    delta = false;
    terminal = false;
    error = false;
    inResponse = false;
    usageStart = -1;
    usageEnd = -1;
  }

  @Override
  public void key(int depth, byte[] bytes, int from, int to, int value, int end) {
    byte first = bytes[value];
    if (depth == RESPONSE || whole) {
      inObject(depth == TOP || inResponse, bytes, from, to, value);
    } else if (first == '"' && JsonBytes.is(bytes, from, to, "type")) {
      type(bytes, value + 1, JsonBytes.endOfText(bytes, value + 1, end));
    } else if (JsonBytes.is(bytes, from, to, "delta")) {
      delta = first == '"' && value + 1 < end && bytes[value + 1] != '"';
      deltaAt = value;
    } else if (JsonBytes.is(bytes, from, to, "response")) {
      inResponse = first == '{';
    }
  }

  private void type(byte[] bytes, int from, int to) {
    if (to < 0) {
      return;
    }
    deltaType = isDelta(bytes, from, to);
    terminal =
        JsonBytes.is(bytes, from, to, "response.completed")
            || JsonBytes.is(bytes, from, to, "response.incomplete");
    error =
        JsonBytes.is(bytes, from, to, "error") || JsonBytes.is(bytes, from, to, "response.failed");
  }

  private static boolean isDelta(byte[] bytes, int from, int to) {
    int end = to - DELTA.length();
    return end > from && JsonBytes.is(bytes, end, to, DELTA);
  }

  /** A key of a response object, in an event or by itself. */
  private void inObject(boolean isResponse, byte[] bytes, int from, int to, int value) {
    if (!isResponse || bytes[value] != '{') {
      return;
    }
    if (JsonBytes.is(bytes, from, to, "usage")) {
      usageStart = value;
      usageEnd = -1;
    } else if (whole && JsonBytes.is(bytes, from, to, "error")) {
      error = true;
    }
  }

  @Override
  public void closed(int depth, int at) {
    if (usageStart >= 0 && usageEnd < 0 && depth == (whole ? TOP : RESPONSE)) {
      usageEnd = at;
    }
    if (depth == TOP) {
      inResponse = false;
    }
  }

  @Override
  public boolean wellFormed() {
    return wellFormed;
  }

  @Override
  public boolean content() {
    return deltaType && delta;
  }

  @Override
  public int contentAt() {
    return deltaAt;
  }

  /** The terminal event is the only sign that an answer is complete. */
  @Override
  public boolean finish() {
    return terminal;
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
  public Optional<Tokens> tokens(byte[] bytes, @Nullable Tokens before) {
    return OpenAiUsage.read(bytes, usageStart, usageEnd);
  }

  @Override
  public String serviceTier(byte[] bytes, int from, int to) {
    return ServedTier.in(bytes, from, to, whole ? TOP : RESPONSE);
  }
}
