package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tags that a condition names: the value of {@code If-Match} or {@code If-None-Match}.
 *
 * @param any {@code *}: whatever is there
 */
public record EntityTags(boolean any, List<Tag> named) {

  public static final String IF_MATCH = "If-Match";
  public static final String IF_NONE_MATCH = "If-None-Match";

  private static final EntityTags ANY = new EntityTags(true, List.of());
  private static final int MAX_TAGS = 20;
  private static final Pattern SYNTAX = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]{0,128})\"");

  /** One of them; a weak one never matches where bytes must be equal. */
  public record Tag(boolean weak, String value) {}

  public EntityTags {
    named = List.copyOf(named);
  }

  /** What must be there before a change; where nothing is said, anything may be. */
  public static EntityTags mayMatch(@Nullable String header) {
    return header == null ? ANY : parse(IF_MATCH, header);
  }

  /** As {@link #mayMatch}, but it must be said. */
  public static EntityTags mustMatch(@Nullable String header) {
    if (header == null) {
      throw ProblemException.preconditionRequired(
          IF_MATCH,
          "is missing: GET the resource, change what it shows and send its ETag back in If-Match,"
              + " so that nobody's change is lost");
    }
    return parse(IF_MATCH, header);
  }

  /** Whether a reader that names what it has would only get the same again. */
  public static boolean isKnown(@Nullable String ifNoneMatch, EntityTag current) {
    if (ifNoneMatch == null) {
      return false;
    }
    EntityTags tags = parse(IF_NONE_MATCH, ifNoneMatch);
    return tags.any || tags.named.stream().anyMatch(tag -> tag.value().equals(current.value()));
  }

  /** Ends the request if something else is there than the caller has seen. */
  void check(EntityTag current) {
    boolean seen =
        any || named.stream().anyMatch(tag -> !tag.weak() && tag.value().equals(current.value()));
    if (!seen) {
      throw ProblemException.preconditionFailed(
          IF_MATCH,
          "what you have seen has been changed since (ETag now: %s): GET it again, make your change to that and send its ETag"
              .formatted(current.header()));
    }
  }

  private static EntityTags parse(String field, String header) {
    if (header.strip().equals("*")) {
      return ANY;
    }
    List<Tag> named = new ArrayList<>();
    for (String part : header.split(",", MAX_TAGS + 1)) {
      Matcher tag = SYNTAX.matcher(part.strip());
      if (!tag.matches()) {
        throw ProblemException.badRequest(
            field, "expected * or up to " + MAX_TAGS + " entity tags in double quotes");
      }
      named.add(new Tag(tag.group(1) != null, tag.group(2)));
    }
    return new EntityTags(false, named);
  }
}
