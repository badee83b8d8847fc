package dev.penstock.kernel.money;

import java.math.BigDecimal;

/** An amount of money: an integer number of nano-USD (10<sup>-9</sup> US dollars). */
public record NanoUsd(long value) implements Comparable<NanoUsd> {

  public static final NanoUsd ZERO = new NanoUsd(0);

  private static final int SCALE = 9;

  /**
   * Reads a decimal string in USD such as {@code "5000.00"}.
   *
   * @throws IllegalArgumentException if it is not a plain decimal number, is negative, has more
   *     than nine decimals or does not fit in a {@code long}
   */
  public static NanoUsd ofUsd(String decimal) {
    if (!decimal.matches("[0-9]{1,10}(\\.[0-9]{1,9})?")) {
      throw new IllegalArgumentException(
          "\""
              + decimal
              + "\" (expected: a decimal USD amount such as \"12.50\", at most 9 decimals)");
    }
    try {
      return new NanoUsd(new BigDecimal(decimal).movePointRight(SCALE).longValueExact());
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(
          "\"" + decimal + "\" (expected: less than 9223372036 USD)", tooLarge);
    }
  }

  /** Adds; throws {@link ArithmeticException} on overflow. */
  public NanoUsd plus(NanoUsd other) {
    return new NanoUsd(Math.addExact(value, other.value));
  }

  /** Subtracts; throws {@link ArithmeticException} on overflow. */
  public NanoUsd minus(NanoUsd other) {
    return new NanoUsd(Math.subtractExact(value, other.value));
  }

  /** The amount in USD as a plain decimal string with at least two decimals. */
  public String toUsd() {
    BigDecimal usd = BigDecimal.valueOf(value, SCALE).stripTrailingZeros();
    return (usd.scale() < 2 ? usd.setScale(2) : usd).toPlainString();
  }

  @Override
  public int compareTo(NanoUsd other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return toUsd() + " USD";
  }
}
