package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.Resident;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SlowWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many clients that send their requests a little at a time cost the node about what they have sent.
 * More of them with {@code -Dslow.clients=1000}; what it prints is in {@code docs/performance.md}.
 */
@ExtendWith(SharedStack.class)
@Isolated
class SlowWritersTest {
  private static final int CLIENTS = Integer.getInteger("slow.clients", 200);

  /** Of 2 KiB, each client in its turn: 60 KiB each. */
  private static final int TIMES = 30;

  private static final long MOST_PER_WRITER_KIB = 512;

  private final PenstockTester tester;

  SlowWritersTest(PenstockTester tester) {
    this.tester = tester;
  }

  @ParameterizedTest
  @EnumSource
  void costAtMostHalfAMebibyteEachAndHinderNobody(Transport transport) throws IOException {
    // Given
    Application application = tester.application().upstream("sim-n6-b24-d0-t0-g1").create();
    assertThat(application.stream().statusCode()).isEqualTo(200);
    long node = tester.process(PenstockTester.EU_NODE).pid();
    long before = Resident.kibibytes(node);

    // When
    List<SlowWriter> writers = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        writers.add(SlowWriter.open(application, transport));
      }
      for (int i = 0; i < TIMES; i++) {
        for (SlowWriter writer : writers) {
          writer.trickle();
        }
      }

      // Then
      long grown = Resident.kibibytes(node) - before;
      assertThat(grown / CLIENTS)
          .as("KiB a slow writer: %d KiB beyond %d KiB", grown, before)
          .isLessThanOrEqualTo(MOST_PER_WRITER_KIB);
      assertThat(application.stream().statusCode()).as("of somebody else").isEqualTo(200);
      System.out.printf(
          "%s, %d clients: %d KiB a slow writer, beyond %d MiB%n",
          transport, CLIENTS, grown / CLIENTS, before / 1024);
    } finally {
      for (SlowWriter writer : writers) {
        writer.close();
      }
    }
  }
}
