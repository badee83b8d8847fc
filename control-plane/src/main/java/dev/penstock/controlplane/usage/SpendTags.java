package dev.penstock.controlplane.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which tags get rows of their own among the sums. Tags multiply rows, so their number is bounded
 * per tenant and day; the values beyond are added together under {@link #OTHERS}, and no record is
 * left out.
 *
 * @param most of one tenant on one day
 * @param mostOfTag of one tag of these, so that no tag takes the room of all others
 */
record SpendTags(int most, int mostOfTag) {

  /** What the values without rows of their own are called together. */
  static final String OTHERS = "~other";

  static final SpendTags USUAL = new SpendTags(2_000, 1_000);

  private static final String CLAIM =
      "SELECT day, tenant, tag, value FROM usage.claim_tags(?, ?, ?, ?, ?, ?)";

  /** A tag of a tenant's requests of one day. */
  record Tagged(LocalDate day, String tenant, String tag, String value) {}

  /** Those of these tags that have rows of their own; lets new ones in as long as there is room. */
  Set<Tagged> claim(Connection connection, Set<Tagged> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return Set.of();
    }
    List<Tagged> all = new ArrayList<>(wanted);
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setArray(1, connection.createArrayOf("date", array(all, Tagged::day)));
      claim.setArray(2, connection.createArrayOf("text", array(all, Tagged::tenant)));
      claim.setArray(3, connection.createArrayOf("text", array(all, Tagged::tag)));
      claim.setArray(4, connection.createArrayOf("text", array(all, Tagged::value)));
      claim.setInt(5, most);
      claim.setInt(6, mostOfTag);
      Set<Tagged> claimed = new HashSet<>();
      try (ResultSet rows = claim.executeQuery()) {
        while (rows.next()) {
          claimed.add(
              new Tagged(
                  rows.getObject(1, LocalDate.class),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4)));
        }
      }
      return claimed;
    }
  }

  private static Object[] array(Collection<Tagged> tags, Function<Tagged, Object> part) {
    return tags.stream().map(part).toArray();
  }
}
