package dev.penstock.kernel.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kernel.money.Price.Tier;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {

  private static final ServiceTiers TIERS =
      new ServiceTiers(Map.of("flex", 500L, "priority", 1_750L, "fast", 2_000L));
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
      @ForAll("prices") Price price,
      @ForAll("calls") Tokens call,
      @ForAll("tiers") String asked,
      @ForAll("chosen") String served) {
    NanoUsd worst = price.worstCase(call.input(), call.output(), asked);

    assertThat(price.of(call, asked)).isLessThanOrEqualTo(worst);
    assertThat(price.of(call, "default")).as("no room in the tier").isLessThanOrEqualTo(worst);
    assertThat(price.of(call, served))
        .as("the provider chooses")
        .isLessThanOrEqualTo(price.worstCase(call.input(), call.output(), "auto"));
  }

  @Provide
  Arbitrary<String> tiers() {
    return Arbitraries.of("", "auto", "default", "flex", "priority", "fast", "unheard-of");
  }

  /** In which a provider may serve without being asked to, of those with a price. */
  @Provide
  Arbitrary<String> chosen() {
    return Arbitraries.of("", "auto", "default", "flex", "priority");
  }

  @Property
  void costsLineItemsEachRoundedUpOnce(
      @ForAll("prices") Price price, @ForAll("calls") Tokens call) {
    Rates rates = rates(price, call.input());
    TokenPrice hour = rates.cacheWrite1h().or(rates::cacheWrite5m).orElse(null);
    BigInteger in = item(call.input() - own(call, rates), rates.input());
    BigInteger parts =
        item(call.cacheRead(), rates.cacheRead().orElse(null))
            .add(item(call.cacheWrite5m(), rates.cacheWrite5m().orElse(null)))
            .add(item(call.cacheWrite1h(), hour))
            .add(item(call.audioInput(), rates.audioInput().orElse(null)))
            .add(item(call.reasoning(), rates.reasoning().orElse(null)))
            .add(item(call.audioOutput(), rates.audioOutput().orElse(null)));
    long ownOutput =
        rates.reasoning().map(any -> call.reasoning()).orElse(0L)
            + rates.audioOutput().map(any -> call.audioOutput()).orElse(0L);
    BigInteger out = item(call.output() - ownOutput, rates.output());

    assertThat(price.of(call, "").value()).isEqualTo(in.add(parts).add(out).longValueExact());
  }

  private static long own(Tokens call, Rates rates) {
    return rates.cacheRead().map(any -> call.cacheRead()).orElse(0L)
        + rates.cacheWrite5m().map(any -> call.cacheWrite5m()).orElse(0L)
        + rates.cacheWrite1h().or(rates::cacheWrite5m).map(any -> call.cacheWrite1h()).orElse(0L)
        + rates.audioInput().map(any -> call.audioInput()).orElse(0L);
  }

  private static Rates rates(Price price, long inputTokens) {
    return price.tiers().stream()
        .filter(tier -> tier.fromInputTokens() <= inputTokens)
        .max(Comparator.comparingLong(Tier::fromInputTokens))
        .orElseThrow()
        .rates();
  }

  private static BigInteger item(long tokens, @Nullable TokenPrice price) {
    return price == null
        ? BigInteger.ZERO
        : BigInteger.valueOf(tokens)
            .multiply(BigInteger.valueOf(price.nanoUsdPerMillion()))
            .add(MILLION.subtract(BigInteger.ONE))
            .divide(MILLION);
  }

  @Provide
  Arbitrary<Price> prices() {
    Arbitrary<Long> from = Arbitraries.longs().between(1, 10_000_000);
    return Combinators.combine(rates(), from.set().ofMaxSize(3), rates().list().ofSize(3))
        .as((base, starts, more) -> {
          List<Tier> tiers = new ArrayList<>(List.of(new Tier(0, base)));
          for (long start : starts) {
            tiers.add(new Tier(start, more.get(tiers.size() - 1)));
          }
          return new Price(Instant.EPOCH, tiers, TIERS);
        });
  }

  private static Arbitrary<Rates> rates() {
    Arbitrary<TokenPrice> price =
        Arbitraries.longs().between(0, 100_000_000_000L).map(TokenPrice::new);
    Arbitrary<Optional<TokenPrice>> part = price.optional();
    return Combinators.combine(price, part, part, part, part, price, part, part).as(Rates::new);
  }

  @Provide
  Arbitrary<Tokens> calls() {
    Arbitrary<Long> tokens = Arbitraries.longs().between(0, 2_000_000);
    return Combinators.combine(tokens, tokens, tokens, tokens, tokens, tokens, tokens, tokens)
        .as((plain, read, short_, hour, heard, said, thought, spoken) ->
            new Tokens(
                plain + read + short_ + hour + heard,
                read,
                short_,
                hour,
                heard,
                said + thought + spoken,
                thought,
                spoken));
  }

  @Test
  void aTierHoldsForTheWholeCall() {
    Price price =
        new Price(
            Instant.EPOCH,
            List.of(
                new Tier(272_000, Rates.of(new TokenPrice(4_000_000), new TokenPrice(15_000_000))),
                new Tier(0, Rates.of(new TokenPrice(2_000_000), new TokenPrice(10_000_000)))));

    assertThat(price.of(Tokens.of(271_999, 10), "").value()).isEqualTo(2 * 271_999 + 100);
    assertThat(price.of(Tokens.of(272_000, 10), "").value()).isEqualTo(4 * 272_000 + 150);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 120", // 100 for the prompt, 20 for the answer
    "default, 120",
    "standard, 120",
    "standard_only, 120",
    "auto, 120",
    "flex, 60",
    "priority, 210",
    "fast, 240",
    "batch, 120", // not stated, and nowhere dearer than usual
    "unheard-of, 720"
  })
  void aServiceTierIsAMultipleOfTheRatesAndAnUnknownOneAsDearAsAnyIs(String tier, long cost) {
    assertThat(perToken(TIERS).of(Tokens.of(100, 10), tier).value()).isEqualTo(cost);
  }

  @ParameterizedTest
  @ValueSource(strings = {"priority", "fast", "scale", "unheard-of"})
  void aTierWithoutAMultipleIsNeverTooCheap(String tier) {
    Price unstated = perToken(ServiceTiers.NONE);
    Price dear = perToken(new ServiceTiers(Map.of("turbo", 8_000L)));

    assertThat(unstated.of(Tokens.of(100, 10), tier).value()).isEqualTo(720);
    assertThat(unstated.worstCase(100, 10, tier).value()).isGreaterThanOrEqualTo(720);
    assertThat(dear.of(Tokens.of(100, 10), tier).value()).isEqualTo(960);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 216", // 210, and the cents that line items round up to
    "auto, 216",
    "priority, 216",
    "default, 126",
    "flex, 126", // in the usual one where it has no room
    "fast, 246",
    "unheard-of, 726"
  })
  void theWorstCaseIsTheDearestThatARequestAllows(String asked, long cost) {
    assertThat(perToken(TIERS).worstCase(100, 10, asked).value()).isEqualTo(cost);
  }

  /** A nano-USD for each token read, two for each written. */
  private static Price perToken(ServiceTiers tiers) {
    Rates rates = Rates.of(new TokenPrice(1_000_000), new TokenPrice(2_000_000));
    return new Price(Instant.EPOCH, List.of(new Tier(0, rates)), tiers);
  }

  @Test
  void refusesServiceTiersThatAreFreeOrHaveNoName() {
    assertThatThrownBy(() -> new ServiceTiers(Map.of("flex", 0L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ServiceTiers(Map.of("flex", 100_001L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ServiceTiers(Map.of("a tier", 1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ServiceTiers.wordOf("a\u0000tier")).isEqualTo("unknown");
  }

  @Test
  void refusesTiersThatLeaveAGapOrOverlap() {
    Rates rates = Rates.of(new TokenPrice(1), new TokenPrice(1));

    assertThatThrownBy(() -> new Price(Instant.EPOCH, List.of(new Tier(1, rates))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Price(Instant.EPOCH, List.of(new Tier(0, rates), new Tier(0, rates))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void partsAreNeverLargerThanTheirWhole() {
    assertThatThrownBy(() -> new Tokens(10, 4, 4, 4, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tokens(0, 0, 0, 0, 0, 5, 3, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Tokens(10, 1, 2, 3, 4, 0, 0, 0).cacheWrite()).isEqualTo(5);
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
    return new Price(Instant.parse(from), Rates.of(tokens, tokens));
  }
}
