package dev.penstock.dataplane.dialect.openai;

import dev.penstock.dataplane.dialect.json.JsonBytes;
import java.nio.charset.StandardCharsets;

/** Reads the member {@code service_tier}, by which OpenAI says in which one it served a request. */
public final class ServedTier implements ObjectScan.Keys {

  private final int depth;
  private String tier = "";

  private ServedTier(int depth) {
    this.depth = depth;
  }

  /**
   * @param depth 1: a member of the object itself, 2: of the one object in it
   * @return empty where there is none
   */
  public static String in(byte[] bytes, int from, int to, int depth) {
    ServedTier served = new ServedTier(depth);
    ObjectScan.scan(bytes, from, to, depth, served);
    return served.tier;
  }

  @Override
  public void key(int at, byte[] bytes, int from, int to, int value, int end) {
    if (at == depth && bytes[value] == '"' && JsonBytes.is(bytes, from, to, "service_tier")) {
      int textEnd = JsonBytes.endOfText(bytes, value + 1, end);
      tier = new String(bytes, value + 1, textEnd - value - 1, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void closed(int outside, int at) {
    // only members count
  }
}
