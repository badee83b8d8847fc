package dev.penstock.benchmarks.instrument;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Rule;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.SearchText;
import dev.penstock.kernel.guard.Side;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What a node does to search a prompt with the quickstart's guard: brings it into its normal form,
 * and looks for all personal data and for credentials. In this process, on one thread, one of so
 * many prompts after the other that no branch predictor has learnt them.
 */
public final class GuardSearch implements InProcess<GuardSearchRound> {

  /** Enough for the compiler to know all of it. */
  public static final int WARM_UP_ROUNDS = 4;

  private static final int SMALL = 1_024;
  private static final int LARGE = 32 * 1_024;
  private static final int PROMPTS = 64;

  /** Characters that a round searches, whatever the size of a prompt. */
  private static final int CHARACTERS = 8 * 1_024 * 1_024;

  private static final String PLANTED = " write to bob@acme.example or +49 30 901820, ";
  private static final int FINDS = 2;
  private static final String ASCII = "etaoinshrdlucmfwypvbgkjqxz,.-";
  private static final String ACCENTED = "etaoinshrdl\u00e4\u00f6\u00fc\u00df\u00e9\u00e8cmfwyp,.-";

  private final Guard guard =
      new Guard(
          "acme",
          "pii-default",
          Set.of(Side.INPUT),
          List.of(
              new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
              new Detector.Secrets(Action.BLOCK)));
  private final String name;
  private final String[] prompts = new String[PROMPTS];

  private GuardSearch(String name, int characters, String letters) {
    this.name = name;
    Random random = new Random(1);
    for (int i = 0; i < PROMPTS; i++) {
      prompts[i] = prompt(characters, letters, random);
    }
  }

  /** Both sizes, and a language of which not every letter is ASCII. */
  public static List<GuardSearch> prompts() {
    return List.of(
        new GuardSearch("1 KiB", SMALL, ASCII),
        new GuardSearch("32 KiB", LARGE, ASCII),
        new GuardSearch("32 Ki letters, some accented", LARGE, ACCENTED));
  }

  /** Words of letters around what there is to find. */
  private static String prompt(int characters, String letters, Random random) {
    String before = words(characters / 2, letters, random);
    String after = words(characters - before.length() - PLANTED.length(), letters, random);
    return before + PLANTED + after;
  }

  private static String words(int characters, String letters, Random random) {
    StringBuilder words = new StringBuilder(characters);
    while (words.length() < characters) {
      for (int left = 1 + random.nextInt(9); left > 0; left--) {
        words.append(letters.charAt(random.nextInt(letters.length())));
      }
      words.append(' ');
    }
    return words.substring(0, characters);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public GuardSearchRound measure(int round) {
    int searches = CHARACTERS / prompts[0].length();
    Finds finds = new Finds();
    long bad = 0;
    long began = System.nanoTime();
    for (int i = 0; i < searches; i++) {
      finds.count = 0;
      guard.search(new SearchText(prompts[i % PROMPTS]), ScanBudget.ofRequest(), finds);
      bad += finds.count == FINDS ? 0 : 1;
    }
    double micros = (System.nanoTime() - began) / 1_000.0 / searches;
    return new GuardSearchRound(round, name, micros, new Checked(searches, bad, Map.of()));
  }

  private static final class Finds implements Guard.Listener {
    private int count;

    @Override
    public void found(int detector, Rule rule, int start, int end) {
      count++;
    }
  }
}
