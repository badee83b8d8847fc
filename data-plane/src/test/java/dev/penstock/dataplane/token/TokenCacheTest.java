package dev.penstock.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenCacheTest {

  private final TokenCache cache = new TokenCache();

  private static VerifiedToken until(long unixMillis) {
    return new VerifiedToken("client", "hash", "acme", unixMillis);
  }

  @Test
  void forgetsATokenThatHasExpired() {
    cache.put("a", until(1_000));

    assertThat(cache.find("a", 999)).contains(until(1_000));
    assertThat(cache.find("a", 1_000)).isEmpty();
    assertThat(cache.size()).isZero();
  }

  @Test
  void dropsTheOneThatHasNotBeenUsedForLongest() {
    for (int i = 0; i < TokenCache.MOST; i++) {
      cache.put("token-" + i, until(1_000));
    }
    assertThat(cache.find("token-0", 0)).isPresent();

    cache.put("one more", until(1_000));

    assertThat(cache.size()).isEqualTo(TokenCache.MOST);
    assertThat(cache.find("token-0", 0)).isPresent();
    assertThat(cache.find("token-1", 0)).isEmpty();
  }
}
