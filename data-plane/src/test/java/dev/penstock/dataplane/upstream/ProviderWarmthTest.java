package dev.penstock.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.penstock.dataplane.config.Cidr;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A provider that a snapshot brings is called on, once, and nothing is sent to it. */
@Isolated("it reads the log that all nodes write")
class ProviderWarmthTest {

  private static final int PATIENCE_MILLIS = 5_000;

  private final Vertx vertx = Vertx.vertx();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private ServerSocket provider;

  @BeforeEach
  void listen() throws IOException {
    provider = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    provider.setSoTimeout(PATIENCE_MILLIS);
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() throws Exception {
    logger().detachAppender(log);
    provider.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void meetsAProviderThatIsNewAndHangsUp() throws IOException {
    warmth("127.0.0.0/8").rehearse(null, snapshot(1, url(provider)));

    try (Socket met = provider.accept()) {
      met.setSoTimeout(PATIENCE_MILLIS);
      assertThat(met.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void leavesAProviderAloneThatIsKnown() throws IOException {
    ProviderWarmth warmth = warmth("127.0.0.0/8");
    warmth.rehearse(null, snapshot(1, url(provider)));
    provider.accept().close();

    warmth.rehearse(snapshot(1, url(provider)), snapshot(2, url(provider)));

    provider.setSoTimeout(300);
    assertThat(catchThrowable(provider::accept)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void tellsOfOneThatCannotBeReachedOrMayNotBeCalled() throws IOException {
    String gone = url(provider);
    provider.close();

    warmth("127.0.0.0/8").rehearse(null, snapshot(1, gone));
    warmth("10.0.0.0/8").rehearse(null, snapshot(1, gone));

    Awaitility.await()
        .atMost(Duration.ofMillis(PATIENCE_MILLIS))
        .untilAsserted(() ->
            assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.startsWith("provider provider-0 cannot be reached"))
                .anyMatch(line -> line.endsWith("forbidden_address")));
  }

  @Test
  void meetsOnlySoManyOfOneSnapshot() throws IOException {
    String[] urls = new String[ProviderWarmth.MOST + 10];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = url(provider) + "/" + i;
    }

    warmth("127.0.0.0/8").rehearse(null, snapshot(1, urls));

    for (int i = 0; i < ProviderWarmth.MOST; i++) {
      provider.accept().close();
    }
    provider.setSoTimeout(300);
    assertThat(catchThrowable(provider::accept)).isInstanceOf(SocketTimeoutException.class);
  }

  private ProviderWarmth warmth(String allowed) {
    return new ProviderWarmth(vertx, new ProviderAddresses(vertx, List.of(Cidr.of(allowed))));
  }

  private static String url(ServerSocket at) {
    return "http://127.0.0.1:" + at.getLocalPort() + "/v1";
  }

  private static ServingSnapshot snapshot(long revision, String... urls) {
    Map<String, Provider> providers = new HashMap<>();
    for (int i = 0; i < urls.length; i++) {
      String name = "provider-" + i;
      providers.put(name, new Provider(name, "openai", "", urls[i], "eu-west", "", Set.of()));
    }
    PolicyContent content =
        new PolicyContent(Map.of(), Map.of(), Map.of(), providers, Map.of(), Map.of(), Map.of());
    return new ServingSnapshot(revision, new byte[32], content, Map.of(), Map.of(), Set.of());
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ProviderWarmth.class);
  }
}
