package dev.penstock.kernel.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  @Property
  void roundsUpOnceInAsManyBitsAsItTakes(
      @ForAll @LongRange(min = 0) long tokens, @ForAll @LongRange(min = 0) long price) {
    BigInteger product = BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
    BigInteger expected = product.add(MILLION).subtract(BigInteger.ONE).divide(MILLION);

    if (expected.bitLength() < Long.SIZE) {
      assertThat(new TokenPrice(price).of(tokens).value()).isEqualTo(expected.longValueExact());
    } else {
      assertThatThrownBy(() -> new TokenPrice(price).of(tokens))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Property
  void neverCostsMoreThanTheWorstCase(
      @ForAll @LongRange(min = 0, max = 10_000_000) long input,
      @ForAll @LongRange(min = 0, max = 10_000_000) long output,
      @ForAll @LongRange(min = 0, max = 100) long cachedPercent,
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long inputPrice,
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long cachePrice,
      @ForAll @LongRange(min = 0, max = 100_000_000_000L) long outputPrice) {
    Price price =
        new Price(
            Instant.EPOCH,
            new TokenPrice(inputPrice),
            new TokenPrice(cachePrice),
            new TokenPrice(outputPrice));

    NanoUsd cost = price.of(new Tokens(input, input * cachedPercent / 100, 0, output, 0));

    assertThat(cost).isLessThanOrEqualTo(price.worstCase(input, output));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1000000000",
    "0.000000001, 1",
    "5000.00, 5000000000000",
    "12.5, 12500000000"
  })
  void readsUsd(String usd, long nano) {
    assertThat(NanoUsd.ofUsd(usd).value()).isEqualTo(nano);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "1e3", "0.0000000001", "1,5", ".5", "5.", "9999999999.0", "NaN", " 1"})
  void refusesWhatIsNotAnAmount(String usd) {
    assertThatThrownBy(() -> NanoUsd.ofUsd(usd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void writesUsdWithTwoDecimalsAtLeast() {
    assertThat(new NanoUsd(1_500_000_000L).toUsd()).isEqualTo("1.50");
    assertThat(new NanoUsd(1).toUsd()).isEqualTo("0.000000001");
    assertThat(NanoUsd.ZERO.toUsd()).isEqualTo("0.00");
  }

  @Test
  void takesTheLatestVersionThatHolds() {
    Price old = at("2026-01-01T00:00:00Z", 1);
    Price current = at("2026-06-01T00:00:00Z", 2);
    List<Price> versions = List.of(current, old);

    assertThat(Price.at(versions, Instant.parse("2025-12-31T23:59:59Z"))).isEmpty();
    assertThat(Price.at(versions, Instant.parse("2026-05-31T23:59:59Z"))).contains(old);
    assertThat(Price.at(versions, Instant.parse("2026-06-01T00:00:00Z"))).contains(current);
  }

  private static Price at(String from, long price) {
    TokenPrice tokens = new TokenPrice(price);
    return new Price(Instant.parse(from), tokens, tokens, tokens);
  }
}
