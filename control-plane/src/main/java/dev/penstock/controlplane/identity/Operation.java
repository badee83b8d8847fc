package dev.penstock.controlplane.identity;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a request does, told from the template of the operation that serves it, such as {@code
 * /api/v1/tenants/{tenant}/{kinds: budgets|api-keys}/{name}}.
 *
 * @param area a row of {@link Permissions}, where it has one
 * @param tenant whose thing it is; empty for the platform's things and for lists over tenants
 */
record Operation(String area, Action action, Optional<String> tenant) {

  private static final Pattern BASE = Pattern.compile("^/?api/v1/?");
  private static final Pattern SEGMENT = Pattern.compile("\\{[^{}]*}|[^/{}]+");
  private static final String TENANTS = "tenants";

  /** Judged manifest by manifest, once they have been read. */
  private static final List<String> OF_MANIFESTS = List.of("plan", "apply");

  Operation {
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(tenant, "tenant");
  }

  /** Empty where the manifests in the body say what is done. */
  static Optional<Operation> of(
      String template, String method, MultivaluedMap<String, String> parameters) {
    List<String> segments = new ArrayList<>();
    SEGMENT
        .matcher(BASE.matcher(template.replaceAll("/+", "/")).replaceFirst(""))
        .results()
        .forEach(found -> segments.add(filled(found.group(), parameters)));
    String first = segments.isEmpty() ? "" : segments.getFirst();
    if (OF_MANIFESTS.contains(first)) {
      return Optional.empty();
    }
    Action action = action(method);
    if (!first.equals(TENANTS) || segments.size() == 1) {
      return Optional.of(new Operation(first, action, Optional.empty()));
    }
    String area = segments.size() == 2 ? TENANTS : segments.get(2);
    return Optional.of(new Operation(area, action, Optional.of(segments.get(1))));
  }

  private static String filled(String segment, MultivaluedMap<String, String> parameters) {
    if (!segment.startsWith("{")) {
      return segment;
    }
    String name = segment.substring(1, segment.length() - 1).split(":", 2)[0].strip();
    return Objects.requireNonNullElse(parameters.getFirst(name), "");
  }

  private static Action action(String method) {
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "GET", "HEAD", "OPTIONS" -> Action.READ;
      case "DELETE" -> Action.DELETE;
      default -> Action.WRITE;
    };
  }
}
