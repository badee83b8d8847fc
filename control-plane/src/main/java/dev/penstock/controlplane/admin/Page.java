package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.problem.StorableText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor sent back as {@code ?cursor=} to read on; null at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  public Page {
    items = List.copyOf(items);
  }

  /** The limit that a request asks for. */
  public static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_LIMIT) {
      throw ProblemException.badRequest("limit", "expected 1 to " + MAX_LIMIT);
    }
    return Integer.parseInt(text);
  }

  /** What the page before ended with. */
  public static Optional<String> position(@Nullable String cursor) {
    return Optional.ofNullable(cursor)
        .map(text ->
            decoded(text)
                .filter(StorableText::allows)
                .orElseThrow(() ->
                    ProblemException.badRequest(
                        "cursor", "expected a nextCursor of the page before")));
  }

  private static Optional<String> decoded(String cursor) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /** What a list has found, as it is. */
  public static <T> Page<T> of(Listed<T> listed) {
    return new Page<>(listed.items(), listed.nextCursor());
  }

  /** A page of what was read with one item more than the limit. */
  public static <T> Page<T> of(List<T> found, int limit, Function<T, String> position) {
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    List<T> items = found.subList(0, limit);
    byte[] last = position.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
    return new Page<>(items, Base64.getUrlEncoder().withoutPadding().encodeToString(last));
  }
}
