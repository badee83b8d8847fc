package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.ServiceTiers;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is charged where a request asks for a service tier, and the provider serves in one. */
class ServiceTierTest {

  private static final Price PRICE =
      new Price(
          Instant.EPOCH,
          NodeTester.PRICE.tiers(),
          new ServiceTiers(Map.of("flex", 500L, "priority", 2_000L, "fast", 3_000L)));

  private static final long USUAL = PRICE.of(Tokens.of(100_000, 20_000), "default").value();

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider provider = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "priority, default, default, 1000", // no room
    "priority, , priority, 2000", // the provider does not say
    ", priority, priority, 2000", // by the account's settings
    ", , '', 1000",
    "flex, flex, flex, 500",
    "auto, unheard-of, unheard-of, 6000" // as dear as any tier is known to be
  })
  void theTierThatTheProviderReportsIsChargedElseTheOneThatWasAskedFor(
      @Nullable String asked, @Nullable String served, String recorded, long thousandths)
      throws Exception {
    at("openai");
    provider.streams(
        chunk(served, "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]")
            + chunk(
                served,
                "\"choices\":[],\"usage\":{\"prompt_tokens\":100000,\"completion_tokens\":20000}")
            + "data: [DONE]\n\n");

    HttpResponse<String> response =
        node.send(
            node.chatBody(
                "{\"model\":\"assistant\",\"stream\":true,%s\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                    .formatted(member("service_tier", asked))));

    assertThat(response.body()).contains("[DONE]");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getServiceTier()).isEqualTo(recorded);
    assertThat(record.getCostNanoUsd()).isEqualTo(USUAL * thousandths / 1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/messages         | ''             | 'service_tier':'priority'                | priority | 2000",
        "/v1/chat/completions | ''             | 'service_tier':'priority'                | priority | 2000",
        "/v1/messages         | 'speed':'fast' | 'service_tier':'standard','speed':'fast' | fast     | 3000",
        // it had no room in its fast mode
        "/v1/messages         | 'speed':'fast' | 'service_tier':'standard','speed':'standard' | standard | 1000",
        // it does not say
        "/v1/messages         | 'speed':'fast' | 'output_tokens_details':null             | fast     | 3000"
      })
  void anthropicSaysItWithTheUsageWhateverTheClientSpeaks(
      String path, String asked, String told, String recorded, long thousandths) throws Exception {
    at("anthropic");
    provider.answers(
        200,
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":100000,\"output_tokens\":20000,%s}}"
            .formatted(told.replace('\'', '"')));

    HttpResponse<String> response =
        node.send(
            HttpRequest.newBuilder(node.uri(path))
                .header("authorization", "Bearer " + node.key())
                .header("anthropic-version", "2026-10-21")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"max_tokens\":64,%s\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                            .formatted(asked.equals("''") ? "" : asked.replace('\'', '"') + ","))));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getServiceTier()).isEqualTo(recorded);
    assertThat(record.getCostNanoUsd()).isEqualTo(USUAL * thousandths / 1_000);
  }

  private void at(String protocol) {
    node.provider("them", NodeTester.REGION, protocol, "", provider.baseUrl())
        .modelAt("assistant", "them", "m", PRICE)
        .publish();
  }

  private static String chunk(@Nullable String tier, String members) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",%s%s}\n\n"
        .formatted(member("service_tier", tier), members);
  }

  /** Nothing, where there is no value. */
  private static String member(String name, @Nullable String value) {
    return value == null ? "" : "\"%s\":\"%s\",".formatted(name, value);
  }
}
