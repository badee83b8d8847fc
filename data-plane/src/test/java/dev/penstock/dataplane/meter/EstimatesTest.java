package dev.penstock.dataplane.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EstimatesTest {

  private static final String HELLO = "hello world ".repeat(50); // a hundred tokens, about
  private static final Candidate GPT = candidate("gpt-4o");

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Estimates estimates = new Estimates(loop);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void countsRequestAndAnswerWhereNobodyElseDoes() throws Exception {
    Usage usage = get(() -> estimates.of(wrote(HELLO), chat(HELLO, ""), GPT, false));

    assertThat(usage.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(usage.tokens().output()).isBetween(100L, 110L);
    assertThat(usage.tokens().input()).isBetween(104L, 125L);
  }

  @Test
  void modelsOfOtherMakersHaveMoreTokens() throws Exception {
    Usage usage =
        get(() -> estimates.of(wrote(HELLO), chat("x", ""), candidate("claude-opus-5"), false));

    assertThat(usage.tokens().output()).isBetween(160L, 176L);
  }

  @Test
  void keepsTheInputThatAProviderHasCounted() throws Exception {
    TokenMeter meter = wrote(HELLO);
    Tokens start = new Tokens(1_000, 900, 50, 0, 0);
    meter.reported(start);

    Usage usage = get(() -> estimates.of(meter, chat("x", ""), GPT, false));

    assertThat(usage.source()).isEqualTo(UsageSource.PARTIAL);
    assertThat(usage.tokens().input()).isEqualTo(1_000);
    assertThat(usage.tokens().cacheRead()).isEqualTo(900);
    assertThat(usage.tokens().output()).isBetween(100L, 110L);
  }

  @Test
  void staysWithinWhatWasHeldFor() throws Exception {
    ClientRequest request = chat("x", "\"max_tokens\":40,");

    Usage usage = get(() -> estimates.of(wrote(HELLO), request, candidate("claude-opus-5"), false));

    assertThat(usage.tokens().output()).isEqualTo(40);
    assertThat(usage.tokens().input()).isLessThanOrEqualTo(request.bytes());
  }

  @Test
  void anImageIsNotTakenForText() throws Exception {
    String image =
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,%s\"}}"
            .formatted("iVBORw0KGgo".repeat(20_000));
    ClientRequest request =
        request("[{\"type\":\"text\",\"text\":\"What is it?\"}," + image + "]", "");

    Usage usage = get(() -> estimates.of(new TokenMeter(), request, GPT, false));

    assertThat(usage.tokens().input()).isBetween(1_600L, 1_700L);
  }

  @Test
  void schemasOfToolsCount() throws Exception {
    String tools =
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"description\":\"%s\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}],"
            .formatted(HELLO);

    long without = get(() -> estimates.ofInput(chat("x", ""), GPT));
    long with = get(() -> estimates.ofInput(chat("x", tools), GPT));

    assertThat(with - without).isBetween(110L, 150L);
  }

  @Test
  void readsAWholeAnswer() throws Exception {
    String answer =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}]}"
            .formatted(HELLO);

    Usage usage = get(() -> whole(answer));

    assertThat(usage.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(usage.tokens().output()).isBetween(100L, 110L);
  }

  @Test
  void takesAllOfAnAnswerThatItCannotRead() throws Exception {
    assertThat(get(() -> whole("[\"" + HELLO + "\"]")).tokens().output()).isBetween(100L, 120L);
  }

  @Test
  void countsRoughlyWhenTooManyWait() throws Exception {
    CountDownLatch workersMayGoOn = new CountDownLatch(1);
    List<Future<Usage>> waiting = new ArrayList<>();

    Usage rough =
        get(() -> {
          for (int i = 0; i < Estimates.MAX_PENDING; i++) {
            waiting.add(
                estimates.ofWhole(
                    new byte[0], Optional.of(new Stuck(workersMayGoOn)), chat("x", ""), GPT));
          }
          return estimates.of(wrote(HELLO), chat("x", ""), GPT, false);
        });
    workersMayGoOn.countDown();
    get(() -> Future.all(waiting));

    assertThat(rough.tokens().output()).isEqualTo(HELLO.length() / 4);
    assertThat(get(() -> estimates.of(wrote(HELLO), chat("x", ""), GPT, false)).tokens().output())
        .as("there is room again")
        .isBetween(100L, 110L);
  }

  @Test
  void countsRoughlyWhereThereIsNoTime() {
    TokenMeter meter = wrote(HELLO);

    assertThat(Estimates.atOnce(meter, chat("x", ""), GPT).tokens().output())
        .isEqualTo(HELLO.length() / 4);
    meter.reported(Tokens.of(10, 7));
    assertThat(Estimates.atOnce(meter, chat("x", ""), GPT).tokens()).isEqualTo(Tokens.of(10, 7));
  }

  /** Keeps a worker until it may go on. */
  private record Stuck(CountDownLatch mayGoOn) implements AnswerDecoder {

    @Override
    public void whole(byte[] body, Consumer<ModelEvent> out) throws MalformedAnswer {
      try {
        mayGoOn.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void event(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void end(Consumer<ModelEvent> out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ProviderError error(int status, byte[] body) {
      throw new UnsupportedOperationException();
    }
  }

  private Future<Usage> whole(String answer) {
    return estimates.ofWhole(
        answer.getBytes(StandardCharsets.UTF_8),
        Optional.of(Codecs.of(Dialect.OPENAI_CHAT).fromProvider()),
        chat("x", ""),
        GPT);
  }

  /** On the event loop, as exchanges do. */
  private <T> T get(Supplier<Future<T>> estimate) throws Exception {
    Promise<T> result = Promise.promise();
    loop.runOnContext(now -> estimate.get().onComplete(result));
    return result.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static TokenMeter wrote(String text) {
    TokenMeter meter = new TokenMeter();
    meter.contentEvent();
    meter.wrote(text);
    return meter;
  }

  private static ClientRequest chat(String prompt, String members) {
    return request("\"" + prompt + "\"", members);
  }

  private static ClientRequest request(String content, String members) {
    return ChatRequest.read(
        Buffer.buffer(
            "{\"model\":\"m\",%s\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
                .formatted(members, content)));
  }

  private static Candidate candidate(String upstreamModel) {
    Deployment deployment = new Deployment("d", "p", upstreamModel, 1, List.of());
    return new Candidate(
        new Model("assistant", 0, 0, List.of(), List.of(deployment)),
        deployment,
        new Provider("p", "openai", "", "http://localhost", "eu", "secret/p", Set.of()),
        new Credential("p", 1, "secret", Set.of()),
        Price.flat(new TokenPrice(1)),
        0,
        1);
  }
}
