package dev.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventCheckTest {
  private static final String ROLE =
      "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
  private static final String FINISH =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  private final List<Long> stamps = new ArrayList<>();

  @Test
  void acceptsAWholeStreamWhereverItIsCut() {
    String stream = ROLE + chunk(0) + chunk(1) + FINISH + DONE;

    for (int cut = 0; cut <= stream.length(); cut++) {
      stamps.clear();
      assertThat(verdict(2, stream.substring(0, cut), stream.substring(cut))).isNull();
      assertThat(stamps).containsExactly(1_000L, 1_001L);
    }
  }

  @Test
  void noticesALostChunk() {
    assertThat(verdict(3, ROLE + chunk(0) + chunk(2) + FINISH + DONE))
        .isEqualTo("chunk 2 where 1 was due");
  }

  @Test
  void noticesADoubledChunk() {
    assertThat(verdict(2, ROLE + chunk(0) + chunk(0) + FINISH + DONE))
        .isEqualTo("chunk 0 where 1 was due");
  }

  @Test
  void noticesAStreamThatIsShort() {
    assertThat(verdict(3, ROLE + chunk(0) + chunk(1) + FINISH + DONE))
        .isEqualTo("ended after 2 of 3 chunks");
  }

  @Test
  void noticesThatTheTerminalEventIsMissing() {
    assertThat(verdict(1, ROLE + chunk(0) + FINISH)).isEqualTo("no [DONE]");
  }

  @Test
  void noticesWhatFollowsTheTerminalEvent() {
    assertThat(verdict(1, ROLE + chunk(0) + DONE + FINISH)).isEqualTo("something after [DONE]");
  }

  private @Nullable String verdict(int chunks, String... reads) {
    EventCheck check = new EventCheck((number, sentMicros) -> stamps.add(sentMicros));
    check.begin(chunks);
    for (String read : reads) {
      byte[] bytes = read.getBytes(StandardCharsets.US_ASCII);
      check.body(bytes, 0, bytes.length);
    }
    return check.verdict();
  }

  private static String chunk(int number) {
    return "data: {\"choices\":[{\"delta\":{\"content\":\"%07d %016d\"}}]}\n\n"
        .formatted(number, 1_000 + number);
  }
}
