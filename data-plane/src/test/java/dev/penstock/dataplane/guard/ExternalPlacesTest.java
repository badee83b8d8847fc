package dev.penstock.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.guard.ExternalPlaces.Key;
import dev.penstock.dataplane.guard.ExternalPlaces.Taken;
import dev.penstock.dataplane.guard.ExternalPlaces.Waiter;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExternalPlacesTest {

  private static final Key KEY = new Key("acme/x", "https://guard.example");

  private final Vertx vertx = Vertx.vertx();
  private final ExternalPlaces places = new ExternalPlaces();
  private final List<String> granted = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Waiter waiter(Key key, String name) {
    return new Waiter(key, 1, vertx.getOrCreateContext(), () -> granted.add(name));
  }

  @Test
  void givesPlacesInTheOrderOfTheLine() {
    // Given
    places.take(waiter(KEY, "first"));
    Waiter leaving = waiter(KEY, "leaving");
    assertThat(places.take(leaving)).isEqualTo(Taken.LATER);
    assertThat(places.take(waiter(KEY, "second"))).isEqualTo(Taken.LATER);
    assertThat(places.take(waiter(KEY, "third"))).isEqualTo(Taken.LATER);

    // When
    places.leave(leaving);
    places.giveBack(KEY);

    // Then
    await().untilAsserted(() -> assertThat(granted).containsExactly("second"));
    places.giveBack(KEY);
    await().untilAsserted(() -> assertThat(granted).containsExactly("second", "third"));
    places.giveBack(KEY);
    assertThat(places.open()).isZero();
  }

  @Test
  void letsSoManyWaitAndNoMore() {
    // Given
    List<Waiter> waiting = new ArrayList<>();
    places.take(waiter(KEY, "first"));
    for (int i = 0; i < ExternalPlaces.MAX_WAITING; i++) {
      waiting.add(waiter(KEY, "later"));
      assertThat(places.take(waiting.getLast())).isEqualTo(Taken.LATER);
    }

    // When
    Taken last = places.take(waiter(KEY, "last"));

    // Then
    assertThat(last).isEqualTo(Taken.NEVER);
    waiting.forEach(places::leave);
    places.giveBack(KEY);
    assertThat(places.open()).isZero();
  }

  @Test
  void countsEachGuardByItself() {
    assertThat(places.take(waiter(KEY, "one"))).isEqualTo(Taken.NOW);
    assertThat(places.take(waiter(new Key("others/x", KEY.url()), "two"))).isEqualTo(Taken.NOW);
  }
}
