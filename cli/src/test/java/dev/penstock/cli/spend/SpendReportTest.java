package dev.penstock.cli.spend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.ScriptedAdmin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SpendReportTest {

  private static final String ROW =
      """
      {"at": "2026-11-01T00:00:00Z", "tenant": "acme", "tags.app": "%s", "requests": 3,
       "tokens": {"input": 30, "output": 60}, "costNanoUsd": "%s", "borneNanoUsd": "100001",
       "ttftP50Micros": 12345, "ttftP95Micros": 0}\
      """;

  @Test
  void showsDollarsThatAreNeverTooFewAndTimesInMilliseconds() {
    try (ScriptedAdmin admin = new ScriptedAdmin()) {
      admin
          .answers(
              "GET /api/v1/spend?groupBy=tenant",
              200,
              "{\"items\": [%s], \"nextCursor\": \"2\"}"
                  .formatted(ROW.formatted("chat", "1500000001")))
          .answers(
              "GET /api/v1/spend?groupBy=tenant&cursor=2",
              200,
              "{\"items\": [%s], \"nextCursor\": null}".formatted(ROW.formatted("", "0")));

      String text =
          new SpendReport(
                  List.of("tenant", "tags.app"), admin.client().list("spend?groupBy=tenant"))
              .toString();

      assertThat(text.lines())
          .containsExactly(
              "FROM                  TENANT  TAGS.APP  REQUESTS  INPUT  OUTPUT  USD     BORNE   TTFT P50  TTFT P95",
              "2026-11-01T00:00:00Z  acme    chat      3         30     60      1.5001  0.0002  12.3 ms   -",
              "2026-11-01T00:00:00Z  acme    -         3         30     60      0.0000  0.0002  12.3 ms   -");
    }
  }

  @Test
  void copiesAFileAsItComes() {
    try (ScriptedAdmin admin = new ScriptedAdmin()) {
      admin.answers("GET /api/v1/spend", 200, "at,requests\r\n2026,1\r\n");
      StringWriter out = new StringWriter();

      admin.client().copy("spend", "text/csv", out);

      assertThat(out).hasToString("at,requests\r\n2026,1\r\n");
      assertThatThrownBy(() -> admin.client("another").copy("spend", "text/csv", out))
          .isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void asksWhatItsOptionsSay() {
    SpendCommand command = new SpendCommand();
    new CommandLine(command)
        .setOut(new PrintWriter(new StringWriter()))
        .parseArgs(
            "--group-by",
            "tenant,tags.app",
            "--step",
            "day",
            "--under",
            "acme",
            "--where",
            "model=a&b",
            "--where",
            "model=c");

    assertThat(command.query())
        .isEqualTo("?groupBy=tenant%2Ctags.app&step=day&under=acme&model=a%26b&model=c");
  }
}
