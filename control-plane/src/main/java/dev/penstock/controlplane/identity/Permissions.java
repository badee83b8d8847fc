package dev.penstock.controlplane.identity;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The table of who may do what: r reads, w creates and changes, d deletes; what does not stand here
 * is denied. Rows are named as paths name them.
 *
 * <p>A role is held over the platform, and then reaches every row, or at a tenant, and then reaches
 * what that tenant and those below it have: never a row of the platform.
 *
 * <p>Secrets are written by their custodian alone and read by nobody: what is read is that there is
 * one. Which roles a member may be given is narrowed further by {@link Gate#requireGrant}.
 */
public final class Permissions {

  private static final String TABLE =
      """
      area              of        platform-admin  secret-custodian  security-auditor  finance  tenant-admin  tenant-developer
      regions           platform  rwd             r                 r                 -        -             -
      providers         platform  rwd             r                 r                 -        -             -
      models            platform  rwd             -                 r                 -        -             -
      list-prices       platform  r               -                 r                 r        -             -
      nodes             platform  rd              -                 r                 -        -             -
      join-tokens       platform  rwd             -                 r                 -        -             -
      revisions         platform  rwd             -                 r                 -        -             -
      rollouts          platform  rw              -                 r                 -        -             -
      provisioning      platform  r               -                 r                 -        -             -
      audit-events      tenant    r               -                 r                 -        r             -
      whoami            tenant    r               r                 r                 r        r             r
      tenants           tenant    rwd             r                 r                 r        r             r
      effective-policy  tenant    r               -                 r                 -        r             r
      policies          tenant    rwd             -                 r                 -        r             r
      routes            tenant    rwd             -                 r                 -        rwd           r
      guards            tenant    rwd             -                 r                 -        rwd           r
      rate-limits       tenant    rwd             -                 r                 -        r             r
      budgets           tenant    rwd             -                 r                 r        r             r
      api-keys          tenant    rwd             -                 r                 -        rwd           r
      members           tenant    rwd             -                 r                 -        rwd           -
      secrets           tenant    r               rwd               r                 -        -             -
      requests          tenant    r               -                 r                 -        r             r
      spend             tenant    r               -                 r                 r        r             -
      """;

  private static final Map<String, Row> ROWS = parse(TABLE);

  private Permissions() {}

  private record Row(boolean ofTenants, Map<Role, Set<Action>> allowed) {
    Row {
      allowed = Map.copyOf(allowed);
    }
  }

  /** Whether a role that is held over the platform may do this. */
  static boolean allow(Role role, String area, Action action) {
    Row row = ROWS.get(area);
    return row != null && row.allowed().getOrDefault(role, Set.of()).contains(action);
  }

  /** Whether a role that is held at a tenant may do this there. */
  static boolean allowAtTenant(Role role, String area, Action action) {
    Row row = ROWS.get(area);
    return row != null && row.ofTenants() && allow(role, area, action);
  }

  /** Whether a role changes anything at all. */
  static boolean writes(Role role) {
    return ROWS.values().stream()
        .flatMap(row -> row.allowed().getOrDefault(role, Set.of()).stream())
        .anyMatch(action -> action != Action.READ);
  }

  /** What these roles may do over the platform: letters by row, without rows that they lack. */
  static Map<String, String> ofPlatform(Set<Role> roles) {
    return letters(roles, row -> true);
  }

  /** What these roles may do at the tenant where they are held. */
  static Map<String, String> ofTenant(Set<Role> roles) {
    return letters(roles, Row::ofTenants);
  }

  private static Map<String, String> letters(Set<Role> roles, Predicate<Row> reached) {
    Map<String, String> letters = new TreeMap<>();
    ROWS.forEach((area, row) -> {
      if (reached.test(row)) {
        String allowed =
            Arrays.stream(Action.values())
                .filter(action -> roles.stream().anyMatch(role -> allow(role, area, action)))
                .map(action -> String.valueOf(action.letter()))
                .collect(Collectors.joining());
        letters.put(area, allowed);
      }
    });
    letters.values().removeIf(String::isEmpty);
    return letters;
  }

  /** Whether the table has a row for this. */
  static boolean know(String area) {
    return ROWS.containsKey(area);
  }

  /** The table as it is written, for those who show it. */
  static String table() {
    return TABLE;
  }

  private static Map<String, Row> parse(String table) {
    List<String> lines = table.lines().toList();
    List<Role> roles =
        words(lines.getFirst()).stream().flatMap(word -> Role.ofWord(word).stream()).toList();
    Map<String, Row> rows = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = words(line);
      Map<Role, Set<Action>> allowed = new EnumMap<>(Role.class);
      for (int i = 0; i < roles.size(); i++) {
        allowed.put(roles.get(i), actions(words.get(i + 2)));
      }
      rows.put(words.getFirst(), new Row(words.get(1).equals("tenant"), allowed));
    }
    return Map.copyOf(rows);
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split(" +", -1));
  }

  private static Set<Action> actions(String letters) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (Action action : Action.values()) {
      if (letters.indexOf(action.letter()) >= 0) {
        actions.add(action);
      }
    }
    return actions;
  }
}
