package dev.penstock.dataplane.dialect.body;

/**
 * A range of a body; absent where {@code start} is negative.
 *
 * @param end after the last byte
 */
public record Range(int start, int end) {

  public static final Range ABSENT = new Range(-1, -1);

  public boolean present() {
    return start >= 0;
  }
}
