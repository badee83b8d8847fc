package dev.penstock.it.kit;

import dev.penstock.kernel.apikey.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Texts that must never be found where they do not belong. Every prompt of the suite holds {@link
 * #PROMPT}; what else is secret is planted by the test that made it.
 */
public final class Canaries {
  public static final String PROMPT = "heron-4471-nobody-may-read-this-prompt";
  public static final String ANSWER = "egret-9025-nobody-may-read-this-answer";

  /** What a guard finds in a prompt. */
  public static final String ADDRESS = "quail-7713@nobody-may-read-this.example";

  /** What a guard looks for: it stands in the guard, and in what the control plane keeps of it. */
  public static final String TERM = "osprey-5162-nobody-may-say-this";

  private static final int SECRET_LENGTH = 32;
  private static final int CRC_LENGTH = 6;
  private static final Set<String> PLANTED = ConcurrentHashMap.newKeySet();

  private Canaries() {}

  /** A key that looks real and that nobody has issued. */
  public static String unknownKey() {
    String key = ApiKey.mint("dev", new SecureRandom()).text();
    plantKey(key);
    return key;
  }

  /** The secret part only: a key's id may be seen. */
  public static void plantKey(String key) {
    int end = key.length() - CRC_LENGTH - 1;
    plant(key.substring(end - SECRET_LENGTH, end));
  }

  public static void plant(String secret) {
    PLANTED.add(secret);
  }

  /** Everything that must not be found. */
  public static Set<String> all() {
    Set<String> all = new HashSet<>(PLANTED);
    all.add(PROMPT);
    all.add(ANSWER);
    all.add(ADDRESS);
    return all;
  }

  /** Which of these texts are in which file of a folder, as sentences. */
  public static List<String> foundIn(Path folder, Collection<String> secrets) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        secrets.stream()
            .filter(text::contains)
            .forEach(secret -> found.add(file + " holds " + secret));
      }
    }
    return found;
  }
}
