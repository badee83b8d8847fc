package dev.penstock.dataplane.dialect.body;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A few changes to a body; every byte that no change names stays as it is. */
public final class Edits {

  public record Edit(int start, int end, String text) {}

  private final byte[] body;
  private final List<Edit> edits = new ArrayList<>(4);

  public Edits(byte[] body) {
    this.body = body;
  }

  public void addAll(List<Edit> others) {
    edits.addAll(others);
  }

  public void replace(int start, int end, String text) {
    edits.add(new Edit(start, end, text));
  }

  public void insert(int at, String text) {
    edits.add(new Edit(at, at, text));
  }

  /** Takes a member out of its object, with the comma after it or, for the last one, before it. */
  public void removeMember(int start, int end) {
    int after = skipSpace(end);
    if (body[after] == ',') {
      edits.add(new Edit(start, after + 1, ""));
      return;
    }
    int before = start - 1;
    while (isSpace(body[before])) {
      before--;
    }
    // The only member of its object has no comma on either side.
    edits.add(new Edit(body[before] == ',' ? before : start, end, ""));
  }

  public Buffer apply() {
    edits.sort(Comparator.comparingInt(Edit::start));
    Buffer result = Buffer.buffer(body.length + 64);
    int copied = 0;
    for (Edit edit : edits) {
      result.appendBytes(body, copied, edit.start() - copied);
      result.appendBytes(edit.text().getBytes(StandardCharsets.UTF_8));
      copied = edit.end();
    }
    return result.appendBytes(body, copied, body.length - copied);
  }

  private int skipSpace(int from) {
    int at = from;
    while (isSpace(body[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
