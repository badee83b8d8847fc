package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the simulator's numbered chunks: each must come once, and in order. */
public final class ChunkNumbers {
  private static final Pattern NUMBER = Pattern.compile("\"content\":\"(\\d{7}) ");

  private long next;

  /** Looks at an event; one without a number is none of ours. */
  public void see(String event) {
    Matcher number = NUMBER.matcher(event);
    if (number.find()) {
      assertThat(Long.parseLong(number.group(1))).as("number of the chunk").isEqualTo(next);
      next++;
    }
  }

  /** How many have come. */
  public long count() {
    return next;
  }
}
