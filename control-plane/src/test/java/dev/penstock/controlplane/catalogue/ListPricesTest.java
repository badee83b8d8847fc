package dev.penstock.controlplane.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.catalogue.ListPrices.Listed;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Tokens;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPricesTest {

  private static final String ANTHROPIC = "https://api.anthropic.com";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void everyModelIsListedOnceAtItsHostWithSourceAndDate() {
    Set<String> seen = new HashSet<>();
    for (Listed listed : ListPrices.all()) {
      assertThat(listed.source()).startsWith("https://");
      assertThat(listed.asOf()).isBefore("2027-01-01");
      for (String name : listed.names()) {
        assertThat(seen.add(listed.host() + " " + name)).as(name).isTrue();
      }
    }
    assertThat(seen)
        .contains(
            "api.openai.com gpt-6-sol",
            "api.anthropic.com claude-sonnet-5",
            "api.mistral.ai mistral-large-2512");
  }

  @Test
  void knowsAModelAlsoWithADateBehindItsName() {
    assertThat(ListPrices.at(ANTHROPIC, "claude-opus-5-5-20260901"))
        .isEqualTo(ListPrices.at(ANTHROPIC, "claude-opus-5-5"))
        .isNotEmpty();
    assertThat(ListPrices.at("https://API.openai.com/v1", "gpt-6-sol-2026-09-30")).isNotEmpty();
  }

  @Test
  void knowsNothingOfAnotherHostOrAnUnknownModel() {
    assertThat(ListPrices.at("https://llm.acme.example/v1", "gpt-6-sol")).isEmpty();
    assertThat(ListPrices.at("https://api.openai.com.acme.example/v1", "gpt-6-sol")).isEmpty();
    assertThat(ListPrices.at(ANTHROPIC, "gpt-6-sol")).isEmpty();
    assertThat(ListPrices.at(ANTHROPIC, "claude-sonnet-5-mini")).isEmpty();
  }

  @Test
  void chargesByKindTierAndDay() {
    Price claude = Price.at(ListPrices.at(ANTHROPIC, "claude-opus-5-5"), NOW).orElseThrow();
    List<Price> sol = ListPrices.at("https://api.openai.com/v1", "gpt-5.6-sol");

    // 4 plain, 5 for five minutes, 8 for an hour, 0.20 from the cache, 20 for the answer
    assertThat(
            claude.of(
                new Tokens(4_000_000, 1_000_000, 1_000_000, 1_000_000, 0, 1_000_000, 0, 0), ""))
        .extracting(NanoUsd::toUsd)
        .isEqualTo("37.20");
    assertThat(Price.at(sol, NOW).orElseThrow().of(Tokens.of(1_000_000, 0), "").toUsd())
        .isEqualTo("8.00");
    assertThat(Price.at(sol, NOW).orElseThrow().of(Tokens.of(100_000, 0), "").toUsd())
        .isEqualTo("0.40");
    assertThat(
            Price.at(sol, Instant.parse("2026-08-20T00:00:00Z"))
                .orElseThrow()
                .of(Tokens.of(100_000, 0), "")
                .toUsd())
        .isEqualTo("0.50");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, gpt-5.5, flex, 2.50",
    "https://api.openai.com/v1, gpt-5.5, batch, 2.50",
    "https://api.openai.com/v1, gpt-5.5, priority, 12.50",
    "https://api.openai.com/v1, gpt-6-sol-2026-09-30, fast, 4.00",
    "https://api.openai.com/v1, gpt-5-chat, fast, 2.50",
    "https://api.openai.com/v1, gpt-5.5-pro, priority, 180.00", // not listed: as dear as any
    "https://api.anthropic.com, claude-opus-5-5, standard, 4.00",
    "https://api.anthropic.com, claude-opus-5-5, fast, 8.00",
    "https://api.anthropic.com, claude-opus-5-5, priority, 4.00",
    "https://api.anthropic.com, claude-sonnet-5, batch, 1.00",
    "https://api.anthropic.com, claude-opus-4-6, fast, 30.00",
    "https://api.mistral.ai, mistral-large-2512, standard, 0.50"
  })
  void knowsWhatAMillionTokensOfAPromptCostInAServiceTier(
      String baseUrl, String model, String tier, String usd) {
    Price price = Price.at(ListPrices.at(baseUrl, model), NOW).orElseThrow();

    NanoUsd hundredth = price.of(Tokens.of(10_000, 0), tier); // in no tier for large prompts

    assertThat(new NanoUsd(hundredth.value() * 100).toUsd()).isEqualTo(usd);
  }

  @Test
  void aRequestThatAsksForNoTierIsNotHeldAsOneInFastMode() {
    Price price = Price.at(ListPrices.at(ANTHROPIC, "claude-opus-5-5"), NOW).orElseThrow();

    assertThat(price.worstCase(1_000_000, 0, ""))
        .isLessThan(price.worstCase(1_000_000, 0, "fast"))
        .isEqualTo(price.worstCase(1_000_000, 0, "standard"));
  }

  @Test
  void knowsWhatServiceTiersCost() {
    Price price =
        Price.at(ListPrices.at("https://api.openai.com/v1", "gpt-5-mini"), NOW).orElseThrow();

    assertThat(price.of(Tokens.of(1_000_000, 0), "default").toUsd()).isEqualTo("0.25");
    assertThat(price.of(Tokens.of(1_000_000, 0), "flex").toUsd()).isEqualTo("0.125");
    assertThat(price.of(Tokens.of(0, 1_000_000), "priority").toUsd()).isEqualTo("3.60");
  }
}
