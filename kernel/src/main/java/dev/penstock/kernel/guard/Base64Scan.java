package dev.penstock.kernel.guard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Searches what stands in Base64 (RFC 4648, sections 4 and 5): a run of its characters that comes
 * to readable text. If a scan finds something in that, the run as a whole is found. Most words come
 * to no text after four letters, so that they are neither decoded nor waited for.
 */
final class Base64Scan implements TextScan {

  /** Ten characters; little of what is looked for is shorter. */
  private static final int MIN_LENGTH = 14;

  /** As long as what a stream may be undecided about; of a longer run this much is searched. */
  private static final int MAX_LENGTH = 4_096;

  private static final int MAX_PADDING = 2;
  private static final byte[] VALUES = values();

  private final List<TextScan> scans;

  Base64Scan(List<TextScan> scans) {
    this.scans = List.copyOf(scans);
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    String order = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (char c = 0; c < values.length; c++) {
      values[c] = (byte) order.indexOf(c);
    }
    values['-'] = values['+'];
    values['_'] = values['/'];
    return values;
  }

  private static boolean isOfRun(char c) {
    return c < VALUES.length && VALUES[c] >= 0;
  }

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    int at = from;
    while (at < text.length()) {
      if (!isOfRun(text.charAt(at)) || (at > 0 && isOfRun(text.charAt(at - 1)))) {
        at++;
        continue;
      }
      Run run = new Run(text, at);
      if (run.isOpen && !last) {
        return at;
      }
      if (run.end - at >= MIN_LENGTH) {
        tell(run, budget, found);
      }
      at = Math.max(at + 1, run.end);
    }
    return at;
  }

  private void tell(Run run, ScanBudget budget, Found found) {
    String decoded = NormalText.normalize(run.decoded());
    List<Rule> rules = new ArrayList<>(1);
    for (TextScan scan : scans) {
      scan.scan(decoded, 0, true, budget, (rule, start, end) -> rules.add(rule));
      if (!rules.isEmpty()) {
        found.at(rules.getFirst(), run.start, run.end);
        return;
      }
    }
  }

  /** A run of characters; it has no end if it comes to no text. */
  private static final class Run {

    private final String text;
    private final int start;
    private int bodyEnd;
    private int end;
    private boolean isOpen;
    private int following; // bytes that belong to a character that has begun

    Run(String text, int start) {
      this.text = text;
      this.start = start;
      read();
    }

    private void read() {
      int limit = Math.min(text.length(), start + MAX_LENGTH);
      int bits = 0;
      int at = start;
      for (; at < limit && isOfRun(text.charAt(at)); at++) {
        int place = (at - start) % 4;
        bits = (bits << 6 | VALUES[text.charAt(at)]) & 0xFFFF;
        if (place > 0 && !goesOn(bits >> 2 * (3 - place) & 0xFF)) {
          return; // and not open: nothing that follows makes text of it
        }
      }
      bodyEnd = at;
      limit = Math.min(limit, bodyEnd + MAX_PADDING);
      while (at < limit && text.charAt(at) == '=') {
        at++;
      }
      end = at;
      isOpen = at == text.length() && at - bodyEnd < MAX_PADDING && at - start < MAX_LENGTH;
    }

    /** Whether a byte goes on as text in UTF-8 does. */
    private boolean goesOn(int one) {
      if (following > 0) {
        following--;
        return one >= 0x80 && one < 0xC0;
      }
      if (one < 0x80) {
        return (one >= ' ' && one < 0x7F) || one == '\n' || one == '\r' || one == '\t';
      }
      following = one < 0xE0 ? 1 : one < 0xF0 ? 2 : 3;
      return one >= 0xC2 && one < 0xF5;
    }

    String decoded() {
      int over = (bodyEnd - start) % 4 == 1 ? 1 : 0; // six bits are no byte
      String body = text.substring(start, bodyEnd - over).replace('-', '+').replace('_', '/');
      return new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8);
    }
  }
}
