package dev.penstock.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.dataplane.session.ControlPlane.Link;
import dev.penstock.dataplane.session.NodeSessionState.Greeting;
import dev.penstock.dataplane.session.NodeSessionState.Open;
import dev.penstock.dataplane.session.NodeSessionState.Stopped;
import dev.penstock.dataplane.session.NodeSessionState.Waiting;
import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NodeSessionStateTest {

  private static final Link LINK =
      new Link() {
        @Override
        public void send(ToControl message) {}

        @Override
        public void readNext() {}

        @Override
        public void close() {}
      };

  @Test
  void movesFromWaitingToOpenAndBack() {
    NodeSessionState state = new Waiting(0);
    state = state.toGreeting(LINK, 1);
    assertThat(state).isEqualTo(new Greeting(LINK, 1));
    state = state.toOpen();
    assertThat(state).isEqualTo(new Open(LINK));
    state = state.toWaiting(5);
    assertThat(state).isEqualTo(new Waiting(5));
    assertThat(new Greeting(LINK, 1).toWaiting(6)).isEqualTo(new Waiting(6));
    assertThat(state.toStopped()).isEqualTo(new Stopped());
  }

  static Stream<Arguments> illegalMoves() {
    UnaryOperator<NodeSessionState> greet = state -> state.toGreeting(LINK, 0);
    UnaryOperator<NodeSessionState> open = NodeSessionState::toOpen;
    UnaryOperator<NodeSessionState> wait = state -> state.toWaiting(0);
    return Stream.of(
        Arguments.of(new Waiting(0), open),
        Arguments.of(new Waiting(0), wait),
        Arguments.of(new Greeting(LINK, 0), greet),
        Arguments.of(new Open(LINK), greet),
        Arguments.of(new Open(LINK), open),
        Arguments.of(new Stopped(), greet),
        Arguments.of(new Stopped(), open),
        Arguments.of(new Stopped(), wait));
  }

  @ParameterizedTest
  @MethodSource("illegalMoves")
  void refusesIllegalMoves(NodeSessionState from, UnaryOperator<NodeSessionState> move) {
    assertThatThrownBy(() -> move.apply(from)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void triesTwiceASecondForAMinuteThenMoreSlowly() {
    // Given
    ReconnectPace pace = new ReconnectPace(new Random(1));
    long now = 0;

    // When, Then
    long longest = 0;
    while (now < Duration.ofMinutes(10).toNanos()) {
      long delay = pace.delayNanos(now);
      if (now < Duration.ofSeconds(60).toNanos()) {
        assertThat(Duration.ofNanos(delay)).isBetween(Duration.ofMillis(1), Duration.ofMillis(500));
      }
      longest = Math.max(longest, delay);
      now += delay;
    }
    assertThat(Duration.ofNanos(longest)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    pace.onOpen();
    assertThat(Duration.ofNanos(pace.delayNanos(now))).isLessThanOrEqualTo(Duration.ofMillis(500));
  }
}
