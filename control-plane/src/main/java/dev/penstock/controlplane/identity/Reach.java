package dev.penstock.controlplane.identity;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How far the database lets a piece of work see and change, whatever its SQL says: the second line
 * behind the {@link Gate}, kept by row-level security.
 *
 * @param role as which the work runs in the database
 * @param reads what is seen: {@code *}, or the names of tenants with all below them
 * @param writes what may be changed, in the same form
 */
record Reach(DatabaseRole role, String reads, String writes) {

  /** The control plane's own work: nodes' reports, compiling, looking after things. */
  static final Reach EVERYTHING = new Reach(DatabaseRole.APP, "*", "*");

  /** Somebody who has not said yet who it is. */
  static final Reach NOTHING = new Reach(DatabaseRole.TENANT, "", "");

  /** Roles of the database, as {@code SET ROLE} takes them. */
  enum DatabaseRole {
    /** The role that has logged in: sees every row. */
    APP("none"),
    /** Sees the rows of the tenants in reach, and of their ancestors what is inherited. */
    TENANT("penstock_tenant");

    final String word;

    DatabaseRole(String word) {
      this.word = word;
    }
  }

  /**
   * What a caller's request may reach. A write sees everything, because what is wanted is judged
   * and compiled against the whole state; it changes only what its caller's tenants own.
   */
  static Reach of(Caller caller, Action action) {
    String tenants = caller.tenants().keySet().stream().sorted().collect(Collectors.joining(","));
    if (action == Action.READ) {
      return caller.roles().isEmpty()
          ? new Reach(DatabaseRole.TENANT, tenants, "")
          : new Reach(DatabaseRole.APP, "*", "");
    }
    boolean everywhere = caller.roles().stream().anyMatch(Permissions::writes);
    return new Reach(DatabaseRole.APP, "*", everywhere ? "*" : writable(caller.tenants()));
  }

  private static String writable(Map<String, Set<Role>> held) {
    return held.entrySet().stream()
        .filter(at -> at.getValue().stream().anyMatch(Permissions::writes))
        .map(Map.Entry::getKey)
        .sorted()
        .collect(Collectors.joining(","));
  }
}
