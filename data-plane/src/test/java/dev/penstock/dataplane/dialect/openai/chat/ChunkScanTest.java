package dev.penstock.dataplane.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkScanTest {

  /** Length of {@code data: }, so that offsets are not those of the array. */
  private static final int PREFIX = 6;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],\"usage\":null}",
        "{ \"choices\" : [ { \"delta\" : { \"content\" : \"\\\"\" } } ] }",
        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}",
        "{\"choices\":[{\"delta\":{\"refusal\":\"no\"}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}}]}"
      })
  void seesContent(String chunk) {
    ChunkScan scan = scan(chunk);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.content()).isTrue();
    assertThat(scan.finish()).isFalse();
    assertThat(scan.error()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}}]}",
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"tool_calls\":[]}}]}",
        "{\"choices\":[],\"content\":\"x\"}",
        "{\"id\":\"a \\\"content\\\":\\\"b\\\"\",\"choices\":[{\"delta\":{}}]}"
      })
  void seesNoContentWhereThereIsNone(String chunk) {
    assertThat(scan(chunk).wellFormed()).isTrue();
    assertThat(scan(chunk).content()).isFalse();
  }

  @Test
  void findsUsageThatIsThereForItself() {
    String chunk =
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens\":2}}";
    ChunkScan scan = scan(chunk);

    assertThat(scan.usageOnly()).isTrue();
    assertThat(scan.tokens(padded(chunk), null)).contains(new Tokens(9, 4, 0, 2, 0));
  }

  @Test
  void findsUsageBesideChoices() {
    ChunkScan scan =
        scan(
            "{\"usage\":{\"prompt_tokens\":9},\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");

    assertThat(scan.usage()).isTrue();
    assertThat(scan.usageOnly()).isFalse();
    assertThat(scan.finish()).isTrue();
  }

  @Test
  void isNotFooledByWhatAModelSays() {
    ChunkScan scan =
        scan(
            "{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":1}, \\\"error\\\":{}, \\\"finish_reason\\\":\\\"stop\\\"}]\"}}]}");

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.usage()).isFalse();
    assertThat(scan.error()).isFalse();
    assertThat(scan.finish()).isFalse();
  }

  @Test
  void seesAnError() {
    assertThat(scan("{\"error\":{\"message\":\"overloaded\"}}").error()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "}", "[]", "{\"a\":1}}", "{\"a\":\"", "{}{}", "null", "{\"a\":\"\\"})
  void refusesWhatIsNotWhole(String chunk) {
    assertThat(scan(chunk).wellFormed()).isFalse();
  }

  @Test
  void knowsTheEndOfAStreamButNotOfAWholeAnswer() {
    assertThat(scan("[DONE]").terminal()).isTrue();
    assertThat(scan("[DONE]").wellFormed()).isTrue();
    assertThat(scan("[DONE] ").wellFormed()).isFalse();
    ChunkScan whole = new ChunkScan();
    whole.scanWhole(padded("[DONE]"), PREFIX, PREFIX + 6);
    assertThat(whole.wellFormed()).isFalse();
  }

  private static ChunkScan scan(String chunk) {
    byte[] padded = padded(chunk);
    ChunkScan scan = new ChunkScan();
    scan.scan(padded, PREFIX, padded.length - 2);
    return scan;
  }

  private static byte[] padded(String chunk) {
    return ("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
