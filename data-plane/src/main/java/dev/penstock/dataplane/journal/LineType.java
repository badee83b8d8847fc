package dev.penstock.dataplane.journal;

import java.util.Optional;

/** What a line of the spool is. Codes are on disks and never change their meaning. */
enum LineType {
  HOLD(1),
  PROGRESS(2),
  /** The numbered record of an exchange. */
  SETTLE(3),
  LEASE(4),
  /** A numbered record that says that others were lost. */
  GAP(5);

  private final byte code;

  LineType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  boolean isNumbered() {
    return this == SETTLE || this == GAP;
  }

  static Optional<LineType> of(byte code) {
    for (LineType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
