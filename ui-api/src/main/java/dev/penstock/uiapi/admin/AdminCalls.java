package dev.penstock.uiapi.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What pages may ask of the admin API: method, path, query parameters. What does not stand here
 * cannot be reached through the console, whatever the role of whoever is signed in.
 */
final class AdminCalls {

  private static final String TABLE =
      """
      GET    nodes                                      region connected behind limit cursor sort
      GET    tenants                                    name parent search limit cursor sort
      GET    tenants/{tenant}
      GET    tenants/{tenant}/api-keys                  search limit cursor sort
      POST   tenants/{tenant}/api-keys
      GET    tenants/{tenant}/api-keys/{name}
      DELETE tenants/{tenant}/api-keys/{name}
      GET    tenants/{tenant}/api-keys/{name}/keys
      POST   tenants/{tenant}/api-keys/{name}/rotate    overlap
      GET    tenants/{tenant}/guards                    search limit cursor sort
      POST   tenants/{tenant}/guards
      POST   tenants/{tenant}/guards/try
      GET    tenants/{tenant}/guards/{name}
      PUT    tenants/{tenant}/guards/{name}
      GET    tenants/{tenant}/guards/{name}/findings    from to
      GET    requests                                   id tenant apiKey modelAsked model provider credential.name outcome errorCode from to limit cursor
      GET    requests/{id}
      GET    spend                                      groupBy under from step sort limit
      GET    spend/budgets                              under limit
      GET    spend/actions                              under limit
      GET    audit-events                               actor action resource tenant outcome from to limit cursor
      """;

  /** Whatever stands between two slashes is one name; dots alone would be a way out. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final List<AdminCall> ALL = TABLE.lines().map(AdminCalls::parse).toList();

  private AdminCalls() {}

  /** One line of the table. */
  record AdminCall(String method, List<String> template, Set<String> parameters) {
    AdminCall {
      template = List.copyOf(template);
      parameters = Set.copyOf(parameters);
    }

    private boolean is(String asked, List<String> segments) {
      if (!method.equals(asked) || segments.size() != template.size()) {
        return false;
      }
      for (int i = 0; i < segments.size(); i++) {
        String expected = template.get(i);
        if (!expected.startsWith("{") && !expected.equals(segments.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  static Optional<AdminCall> find(String method, String path) {
    List<String> segments = List.of(path.split("/", -1));
    if (!segments.stream().allMatch(segment -> SEGMENT.matcher(segment).matches())) {
      return Optional.empty();
    }
    return ALL.stream().filter(call -> call.is(method, segments)).findFirst();
  }

  private static AdminCall parse(String line) {
    List<String> words = Arrays.asList(line.strip().split(" +", -1));
    return new AdminCall(
        words.getFirst(),
        List.of(words.get(1).split("/", -1)),
        Set.copyOf(words.subList(2, words.size())));
  }
}
