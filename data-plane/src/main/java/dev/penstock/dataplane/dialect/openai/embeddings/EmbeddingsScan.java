package dev.penstock.dataplane.dialect.openai.embeddings;

import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.json.JsonBytes;
import dev.penstock.dataplane.dialect.openai.ObjectScan;
import dev.penstock.dataplane.dialect.openai.OpenAiUsage;
import dev.penstock.kernel.money.Tokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads off an answer with embeddings what the gateway has to know; there are no streams. */
public final class EmbeddingsScan implements StreamScan, ObjectScan.Keys {

  private static final int TOP = 1;

  private boolean wellFormed;
  private boolean error;
  private int usageStart;
  private int usageEnd;

  /** An event of a stream, which embeddings never are. */
  @Override
  public void scan(byte[] bytes, int from, int to) {
    scanWhole(bytes, from, to);
    wellFormed = false;
  }

  @Override
  public void scanWhole(byte[] bytes, int from, int to) {
    error = false;
    usageStart = -1;
    usageEnd = -1;
    wellFormed = ObjectScan.scan(bytes, from, to, TOP, this);
  }

  @Override
  public void key(int depth, byte[] bytes, int from, int to, int value, int end) {
    if (bytes[value] != '{') {
      return;
    }
    if (JsonBytes.is(bytes, from, to, "usage")) {
      usageStart = value;
      usageEnd = -1;
    } else if (JsonBytes.is(bytes, from, to, "error")) {
      error = true;
    }
  }

  @Override
  public void closed(int depth, int at) {
    if (depth == TOP && usageStart >= 0 && usageEnd < 0) {
      usageEnd = at;
    }
  }

  @Override
  public boolean wellFormed() {
    return wellFormed;
  }

  @Override
  public boolean content() {
    return false;
  }

  @Override
  public int contentAt() {
    return -1;
  }

  @Override
  public boolean finish() {
    return false;
  }

  @Override
  public boolean terminal() {
    return false;
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
    return OpenAiUsage.readOfInput(bytes, usageStart, usageEnd);
  }
}
