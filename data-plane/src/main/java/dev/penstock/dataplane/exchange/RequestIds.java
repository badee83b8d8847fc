package dev.penstock.dataplane.exchange;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes request ids: UUIDv7 (RFC 9562, section 5.7), so that they sort by time of arrival. */
final class RequestIds {

  private final RandomGenerator random;

  /** Ids are no secrets; the generator need not be a cryptographic one. Owned by one event loop. */
  RequestIds(RandomGenerator random) {
    this.random = random;
  }

  String next(long unixMillis) {
    long high = (unixMillis << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
