package dev.penstock.kernel.money;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the service tiers of a provider cost, as multiples of its usual rates: less where an answer
 * may come late, more where it has to come soon.
 *
 * @param thousandths by the provider's word for a tier, such as {@code flex}; 500 is half the rates
 */
public record ServiceTiers(Map<String, Long> thousandths) {

  public static final ServiceTiers NONE = new ServiceTiers(Map.of());

  /** The usual rates. */
  public static final long USUAL = 1_000;

  /** No provider is a hundred times as dear for one request as for another. */
  public static final long MAX_THOUSANDTHS = 100_000;

  /**
   * What is charged for a tier of which nobody says what it costs: no provider in our price lists
   * asks more than six times its rates (Anthropic, for the fast mode of Opus 4.6 and 4.7; read on
   * 2026-11-30).
   */
  static final long UNSTATED = 6_000;

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,32}");

  /** Words for the usual rates: OpenAI's, Anthropic's. */
  private static final Set<String> USUAL_WORDS = Set.of("", "default", "standard", "standard_only");

  /** Tiers in which an answer may come late, for which nobody asks more than usual: OpenAI's. */
  private static final Set<String> PATIENT_WORDS = Set.of("flex", "batch");

  /**
   * What an account's settings never choose: Anthropic's fast mode has to be asked for, and to
   * OpenAI the word means {@code priority}.
   */
  private static final String ASKED_FOR = "fast";

  /** The provider chooses, by the settings of the account. */
  private static final Set<String> OPEN_WORDS = Set.of("", "auto");

  public ServiceTiers {
    thousandths = Map.copyOf(thousandths);
    thousandths.forEach((tier, multiple) -> {
      if (!isWord(tier) || multiple < 1 || multiple > MAX_THOUSANDTHS) {
        throw new IllegalArgumentException(
            "service tier %s: %d (expected: 1 to %d thousandths of the rates)"
                .formatted(tier, multiple, MAX_THOUSANDTHS));
      }
    });
  }

  /** Whether a provider might call a tier so: at most 32 letters, digits and {@code . _ -}. */
  public static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  /** What somebody calls a tier, as it can be written down; no word of a tier is one of its own. */
  public static String wordOf(String text) {
    return text.isEmpty() || isWord(text) ? text : "unknown";
  }

  /**
   * What a call of a tier costs.
   *
   * @param tier in which it was served, or was asked to be; empty: nobody says. One that nobody
   *     knows the price of is charged as dear as any is known to be, so that it is never too cheap
   */
  long of(String tier) {
    Long stated = thousandths.get(tier);
    if (stated != null) {
      return stated;
    }
    boolean usual =
        USUAL_WORDS.contains(tier) || PATIENT_WORDS.contains(tier) || "auto".equals(tier);
    return usual ? USUAL : Math.max(UNSTATED, dearest());
  }

  /**
   * The most that a call can cost which asks for a tier. Providers serve in the usual one where
   * another has no room.
   */
  long atMost(String asked) {
    return OPEN_WORDS.contains(asked) ? dearestUnasked() : Math.max(USUAL, of(asked));
  }

  private long dearest() {
    return Math.max(dearestUnasked(), thousandths.getOrDefault(ASKED_FOR, USUAL));
  }

  /** Of those that the provider may choose. */
  private long dearestUnasked() {
    long dearest = USUAL;
    for (Map.Entry<String, Long> tier : thousandths.entrySet()) {
      if (!ASKED_FOR.equals(tier.getKey())) {
        dearest = Math.max(dearest, tier.getValue());
      }
    }
    return dearest;
  }
}
