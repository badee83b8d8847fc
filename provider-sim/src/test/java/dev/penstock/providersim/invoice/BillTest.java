package dev.penstock.providersim.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BillTest {
  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  @Test
  void roundsUpEachLineAndNotTheSum() {
    Prices dust =
        new Prices(
            new BigDecimal("0.000000001"),
            new BigDecimal("0.000000001"),
            new BigDecimal("0.000000001"));

    assertThat(Bill.nanoUsd(new Usage(2, 1, 1), dust)).isEqualTo(3);
    assertThat(Bill.nanoUsd(new Usage(0, 0, 0), dust)).isZero();
  }

  @Property
  void isTheCeilingOfTokensTimesPriceOverAMillion(
      @ForAll @LongRange(max = 1_000_000_000_000L) long tokens,
      @ForAll @LongRange(max = 1_000_000_000L) long nanoUsdPerMillion) {
    BigDecimal usd = BigDecimal.valueOf(nanoUsdPerMillion, 9);
    BigInteger product = BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(nanoUsdPerMillion));
    long expected = product.add(MILLION).subtract(BigInteger.ONE).divide(MILLION).longValueExact();

    assertThat(Bill.nanoUsd(new Usage(0, 0, tokens), new Prices(usd, usd, usd)))
        .isEqualTo(expected);
  }
}
