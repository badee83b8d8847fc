package dev.penstock.kernel.rate;

import java.util.function.LongBinaryOperator;

/**
 * Amounts of the three things that a rate limit counts.
 *
 * @param requests a minute
 * @param tokens a minute
 * @param streams at the same time
 */
public record Units(long requests, long tokens, long streams) {

  public static final Units NONE = new Units(0, 0, 0);

  public Units plus(Units other) {
    return each(this, other, Math::addExact);
  }

  public Units minus(Units other) {
    return each(this, other, Math::subtractExact);
  }

  public Units atMost(Units other) {
    return each(this, other, Math::min);
  }

  public Units atLeast(Units other) {
    return each(this, other, Math::max);
  }

  /** Whether none of the three is more than another's. */
  public boolean isWithin(Units other) {
    return atMost(other).equals(this);
  }

  public boolean isNone() {
    return equals(NONE);
  }

  static Units each(Units one, Units other, LongBinaryOperator operator) {
    return new Units(
        operator.applyAsLong(one.requests, other.requests),
        operator.applyAsLong(one.tokens, other.tokens),
        operator.applyAsLong(one.streams, other.streams));
  }
}
