package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.ChunkNumbers;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.Resident;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.Standstill;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that stops reading stops the provider, and loses nothing by it. */
@ExtendWith(SharedStack.class)
@Isolated
class SlowClientTest {
  private static final int CHUNKS = 100_000;
  private static final String TWO_HUNDRED_MEGABYTES = "sim-n100000-b2000-d0-t0-g50";
  private static final long PROVIDER_WOULD_SEND = 200_000_000;
  private static final long MOST_GROWTH_KIB = 48 * 1024;

  private final PenstockTester tester;

  SlowClientTest(PenstockTester tester) {
    this.tester = tester;
  }

  @ParameterizedTest
  @EnumSource
  void stopsTheProviderUntilItReadsOn(Transport transport) throws IOException {
    // Given
    Application application =
        tester.application().upstream(TWO_HUNDRED_MEGABYTES).budget("100000.00").create();
    read(RawStream.open(application, transport), transport);
    long node = tester.process(PenstockTester.EU_NODE).pid();
    long before = Resident.kibibytes(node);
    long mark = tester.simulator().mark();

    // When
    RawStream stream = RawStream.open(application, transport);
    Standstill.await(() -> bytesSent(mark));

    // Then
    assertThat(bytesSent(mark)).isBetween(1L, PROVIDER_WOULD_SEND / 4);
    assertThat(Resident.kibibytes(node) - before).as("growth in KiB").isLessThan(MOST_GROWTH_KIB);
    assertThat(read(stream, transport)).isEqualTo(CHUNKS);
    assertThat(Resident.kibibytes(node) - before).as("growth in KiB").isLessThan(MOST_GROWTH_KIB);
    assertThat(bytesSent(mark)).isGreaterThan(PROVIDER_WOULD_SEND);
  }

  private long bytesSent(long mark) {
    return tester.simulator().calls(TWO_HUNDRED_MEGABYTES, mark).stream()
        .mapToLong(call -> call.path("bytesSent").asLong())
        .sum();
  }

  /** Reads to the end, which must be a good one, and answers how many chunks came. */
  private static long read(RawStream stream, Transport transport) throws IOException {
    try (stream) {
      return switch (transport) {
        case SSE -> readEvents(stream);
        case WEBSOCKET -> readFrames(stream);
      };
    }
  }

  private static long readEvents(RawStream stream) throws IOException {
    ChunkNumbers chunks = new ChunkNumbers();
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(stream.chunked(), StandardCharsets.ISO_8859_1), 64 * 1024);
    String last = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      chunks.see(line);
      last = line.isEmpty() ? last : line;
    }
    assertThat(last).isEqualTo("data: [DONE]");
    return chunks.count();
  }

  private static long readFrames(RawStream stream) throws IOException {
    ChunkNumbers chunks = new ChunkNumbers();
    String frame = stream.message();
    while (frame.contains("\"event\":")) {
      chunks.see(frame);
      frame = stream.message();
    }
    JsonNode last = Json.parse(frame);
    assertThat(last.path("done").asBoolean()).as(frame).isTrue();
    return chunks.count();
  }
}
