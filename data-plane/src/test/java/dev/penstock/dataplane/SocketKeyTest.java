package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.WebSocketHandshakeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The key among the subprotocols of a WebSocket, as browsers send it. */
class SocketKeyTest {

  private static final String MARK = "openai-insecure-api-key.";
  private final NodeTester node = new NodeTester();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @EnumSource
  void isTakenAndNeverSaidBack(Spoken spoken) {
    node.model("assistant", "sim-n1-d0-t0").publish();

    SocketTester client =
        SocketTester.offering(
            node, spoken.path, MARK + node.key(), "openai-beta.realtime-v1", "realtime");

    assertThat(client.socket.getSubprotocol()).isEqualTo("realtime");
    client.send(spoken.message());
    client.first(frame -> frame.containsKey("request_id"));
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("served");
    assertThat(client.texts).noneMatch(text -> text.contains(node.key()));
    assertThat(node.onlyRecord().toString()).doesNotContain(node.key());
    assertThat(node.sim.invoice().calls().toString()).doesNotContain(node.key());
  }

  @Test
  void isEnoughByItself() {
    node.model("assistant", "sim-n1-d0-t0").publish();

    SocketTester client = SocketTester.offering(node, SocketTester.CHAT, MARK + node.key());

    assertThat(client.socket.getSubprotocol()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void isInNoRefusalAndNoRecordWhereItIsNotGood(Spoken spoken) {
    String canary = "pens_canary_0123456789";
    node.model("assistant", "sim-n1").publish();

    assertThatThrownBy(() -> SocketTester.offering(node, spoken.path, "realtime", MARK + canary))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> {
              assertThat(refused.getResponse().statusCode()).isEqualTo(401);
              assertThat(refused.getResponse().headers().map().toString()).doesNotContain("canary");
            });
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("invalid_api_key");
    assertThat(node.onlyRecord().toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @EnumSource
  void isInNoLogHoweverMuchIsLogged(Spoken spoken) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    List<Logger> loggers =
        Stream.of("io.netty", "io.vertx", "dev.penstock")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();
    Map<Logger, @Nullable Level> usual = new HashMap<>();
    loggers.forEach(logger -> {
      usual.put(logger, logger.getLevel());
      listen(logger, log);
    });
    try {
      node.model("assistant", "sim-n1-d0-t0").publish();
      SocketTester client =
          SocketTester.offering(node, spoken.path, MARK + node.key(), "openai-beta.realtime-v1");
      client.send(spoken.message());
      client.first(frame -> frame.containsKey("request_id"));
    } finally {
      loggers.forEach(logger -> {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(usual.get(logger));
      });
    }

    assertThat(log.list).isNotEmpty();
    assertThat(log.list)
        .noneMatch(event -> event.getFormattedMessage().contains(node.key()))
        .noneMatch(event -> event.getFormattedMessage().contains("insecure-api-key"));
  }

  private static void listen(Logger logger, ListAppender<ILoggingEvent> log) {
    logger.setLevel(Level.TRACE);
    logger.setAdditive(false);
    logger.addAppender(log);
  }
}
