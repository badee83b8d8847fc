package dev.penstock.dataplane.relay.sse;

/** What one stream has brought of an event that is not complete. */
public final class Unfinished {

  static final byte[] NOTHING = new byte[0];

  byte[] bytes = NOTHING;
  boolean begun;
}
