package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Access that is taken away is gone within a second, in the middle of a stream as well. */
@ExtendWith(SharedStack.class)
@Isolated
class RevocationTest {
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final int TIMES = 3;

  private final PenstockTester tester;

  RevocationTest(PenstockTester tester) {
    this.tester = tester;
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void endsTheRunningStreamsOfARevokedKey(Transport transport) throws IOException {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      // Given
      Application application = streaming();
      try (RawStream stream = opened(application, transport)) {
        // When
        long began = System.nanoTime();
        HttpResponse<String> revoked =
            tester.admin().delete("tenants/%s/api-keys/app".formatted(application.tenant()));
        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(204);

        // Then
        readUntilRevoked(stream);
        delays.add(Duration.ofNanos(System.nanoTime() - began));
        assertThat(application.stream().statusCode()).isEqualTo(401);
      }
    }
    assertMedianAsPromised(delays);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void endsTheRunningStreamsOfASuspendedTenant(Transport transport) throws IOException {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      // Given
      Application application = streaming();
      try (RawStream stream = opened(application, transport)) {
        // When
        long began = System.nanoTime();
        tester.admin().apply(tenant(application, true));

        // Then
        readUntilRevoked(stream);
        delays.add(Duration.ofNanos(System.nanoTime() - began));
        assertThat(application.stream().statusCode()).isEqualTo(401);
      }
      tester.admin().applyEverywhere(tenant(application, false));
      assertThat(application.asking("assistant").stream().statusCode()).isNotEqualTo(401);
    }
    assertMedianAsPromised(delays);
  }

  private Application streaming() {
    return tester.application().upstream("sim-n5000-b24-d10000-t1000-g1").create();
  }

  private static RawStream opened(Application application, Transport transport) throws IOException {
    RawStream stream = RawStream.open(application, transport);
    assertThat(stream.raw().readNBytes(2000)).hasSize(2000);
    return stream;
  }

  private static void readUntilRevoked(RawStream stream) throws IOException {
    StringBuilder seen = new StringBuilder();
    InputStream raw = stream.raw();
    byte[] buffer = new byte[4096];
    while (seen.indexOf("key_revoked") < 0) {
      int read = raw.read(buffer);
      assertThat(read).as("the stream ended without a word: %s", seen).isPositive();
      seen.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      assertThat(seen).as("nothing ended the stream").hasSizeLessThan(1_000_000);
    }
  }

  private static void assertMedianAsPromised(List<Duration> delays) {
    Collections.sort(delays);
    assertThat(delays.get(TIMES / 2)).as(delays.toString()).isLessThanOrEqualTo(PROMISED);
  }

  private static String tenant(Application application, boolean suspended) {
    return """
    apiVersion: penstock.dev/v1
    kind: Tenant
    metadata: { name: %s }
    spec: { parent: acme, suspended: %s }
    """
        .formatted(application.tenant(), suspended);
  }
}
