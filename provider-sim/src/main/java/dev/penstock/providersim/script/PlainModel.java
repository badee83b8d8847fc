package dev.penstock.providersim.script;

import dev.penstock.providersim.script.Step.Ending;
import dev.penstock.providersim.script.Step.Finish;
import dev.penstock.providersim.script.Step.Sleep;
import dev.penstock.providersim.script.Step.Stamp;
import dev.penstock.providersim.script.Step.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a plain stream out of a model's name, such as {@code sim-n100-b24-d50000-t200000-g1}.
 *
 * <p>Parts may be left out and come in any order: {@code n} chunks (20), {@code b} bytes of text in
 * each (24), {@code d} microseconds between writes (20,000), {@code t} microseconds before the
 * first (50,000), {@code g} chunks in a write (1), {@code s1} stamped texts ({@code s0}).
 */
final class PlainModel {
  private static final Pattern NAME = Pattern.compile("sim((?:-[nbdtgs]\\d{1,9}){0,6})");
  private static final Pattern PART = Pattern.compile("-([nbdtgs])(\\d+)");
  private static final int STAMPED_SIZE = 24;
  private static final int LARGEST_WRITE = 4 << 20;

  private PlainModel() {}

  static Optional<Script> read(String name) {
    Matcher whole = NAME.matcher(name);
    if (!whole.matches()) {
      return Optional.empty();
    }
    Map<String, Integer> parts = new HashMap<>();
    Matcher part = PART.matcher(whole.group(1));
    while (part.find()) {
      if (parts.put(part.group(1), Integer.valueOf(part.group(2))) != null) {
        return Optional.empty();
      }
    }
    return script(parts);
  }

  private static Optional<Script> script(Map<String, Integer> parts) {
    int chunks = parts.getOrDefault("n", 20);
    int size = parts.getOrDefault("b", 24);
    int group = parts.getOrDefault("g", 1);
    int stamp = parts.getOrDefault("s", 0);
    if (size < 1 || group < 1 || stamp > 1 || (long) size * group > LARGEST_WRITE) {
      return Optional.empty();
    }
    if (stamp == 1 && size < STAMPED_SIZE) {
      return Optional.empty();
    }
    return Optional.of(
        Script.of(
            new Sleep(parts.getOrDefault("t", 50_000)),
            new Text(
                chunks,
                size,
                parts.getOrDefault("d", 20_000),
                group,
                stamp == 1 ? Stamp.MICROS : Stamp.NONE),
            new Finish("stop", Ending.WHOLE)));
  }
}
