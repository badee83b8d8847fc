package dev.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole harness against a whole installation; correctness only, never times. */
class BenchQuickTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresEveryTargetWithEveryInstrumentWithoutLosingAChunk() throws IOException {
    // Given
    Path json = folder.resolve("figures.json");

    // When
    int exit =
        run(
            "--quick",
            "--targets",
            "direct,nginx,pipe,penstock,guarded",
            "--port-base",
            "23700",
            "--json",
            json.toString());

    // Then
    assertThat(exit).as("%s%n%s", out, err).isZero();
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.path("bad").asLong()).isZero();
    assertThat(report.at("/guardSearch/figures/1 KiB/micros/median").asDouble()).isPositive();
    for (String target : new String[] {"pipe", "penstock", "guarded"}) {
      assertThat(report.at("/chunkCost/figures/" + target + "/chunksPerSecond/median").asDouble())
          .isPositive();
      assertThat(report.at("/burstCost/figures/" + target + "/chunksPerSecond/median").asDouble())
          .isPositive();
      assertThat(report.at("/firstToken/figures/" + target + "/p50Micros/median").asDouble())
          .isPositive();
      assertThat(report.at("/openStreams/figures/" + target + "/openStreams/median").asInt())
          .isEqualTo(Settings.quick().openStreams().streams());
      assertThat(report.at("/stalledClients/figures/" + target + "/stalledMib/median").asDouble())
          .isPositive();
    }
  }

  @Test
  void namesAnUnknownKnob() {
    int exit = run("--quick", "--set", "openStreams.strems=3");

    assertThat(exit).isEqualTo(64);
    assertThat(err.toString()).contains("openStreams.strems=3", "openStreams.streams=9000");
  }

  @Test
  void namesAnUnknownInstrument() {
    int exit = run("--quick", "--only", "speed");

    assertThat(exit).isEqualTo(64);
    assertThat(err.toString()).contains("speed", "first-token");
  }

  @Test
  void namesAnUnknownTarget() {
    int exit = run("--quick", "--targets", "direct,apache");

    assertThat(exit).isEqualTo(64);
    assertThat(err.toString()).contains("apache", "nginx");
  }

  private int run(String... arguments) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PENSTOCK_STATE_DIR", folder.resolve("state").toString());
    CommandLine bench = Bench.commandLine(environment);
    bench.setOut(new PrintWriter(out, true));
    bench.setErr(new PrintWriter(err, true));
    return bench.execute(arguments);
  }
}
