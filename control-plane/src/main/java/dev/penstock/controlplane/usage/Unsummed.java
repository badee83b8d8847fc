package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.ColumnInsert;
import dev.penstock.controlplane.database.ColumnInsert.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is stored and not in the sums yet. */
final class Unsummed {

  private static final ColumnInsert<Stretch> NOTE =
      new ColumnInsert<>(
          "usage.unsummed",
          List.of(
              Column.text("spool_id", "uuid", stretch -> stretch.spoolId().toString()),
              Column.number("first_seq", Stretch::firstSeq),
              Column.number("last_seq", Stretch::lastSeq),
              Column.text("received_on", "date", stretch -> stretch.receivedOn().toString()),
              Column.text(
                  "received_at", "timestamptz", stretch -> stretch.receivedAt().toString())),
          "");

  /** Those that begin within the first so many records, the oldest first. */
  private static final String OLDEST =
      """
      SELECT spool_id, first_seq, last_seq, received_on, received_at FROM (
        SELECT u.*, sum(last_seq - first_seq + 1) OVER (ORDER BY received_at, spool_id, last_seq)
          - (last_seq - first_seq + 1) AS before
        FROM (SELECT * FROM usage.unsummed ORDER BY received_at, spool_id, last_seq LIMIT ?) u) w
      WHERE before < ? ORDER BY received_at, spool_id, last_seq\
      """;

  private static final String DONE =
      """
      DELETE FROM usage.unsummed u USING unnest(?, ?, ?) AS d (spool_id, first_seq, last_seq)
      WHERE u.spool_id = d.spool_id::uuid AND u.last_seq = d.last_seq AND u.first_seq = d.first_seq\
      """;

  private static final String PART_DONE =
      """
      UPDATE usage.unsummed SET first_seq = ? WHERE spool_id = ? AND last_seq = ? AND first_seq = ?\
      """;

  private final Connection connection;

  Unsummed(Connection connection) {
    this.connection = connection;
  }

  void note(List<Stretch> stretches) throws SQLException {
    NOTE.insert(connection, stretches);
  }

  /** The oldest, of at most so many records; the last one may be the beginning of a stretch. */
  List<Stretch> oldest(long records) throws SQLException {
    List<Stretch> found = new ArrayList<>();
    long room = records;
    try (PreparedStatement select = connection.prepareStatement(OLDEST)) {
      select.setLong(1, records); // each has one at least
      select.setLong(2, records);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Stretch stretch =
              Stretch.of(
                      row.getObject(1, UUID.class),
                      row.getLong(2),
                      row.getLong(3),
                      row.getObject(4, LocalDate.class),
                      row.getObject(5, OffsetDateTime.class).toInstant())
                  .first(room);
          found.add(stretch);
          room -= stretch.length();
        }
      }
    }
    return found;
  }

  /** Since when something waits; empty where nothing does. */
  Optional<Instant> since() throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT min(received_at) FROM usage.unsummed");
        ResultSet row = select.executeQuery()) {
      row.next();
      return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
          .map(OffsetDateTime::toInstant);
    }
  }

  /**
   * Takes away what is in the sums now.
   *
   * @throws SQLException if something of it was taken away by somebody else: then it is in the sums
   *     already, and the transaction must not add it once more
   */
  void done(List<Stretch> stretches) throws SQLException {
    int taken = 0;
    List<Stretch> whole = stretches.stream().filter(Stretch::isWhole).toList();
    try (PreparedStatement delete = connection.prepareStatement(DONE)) {
      delete.setObject(
          1, whole.stream().map(each -> each.spoolId().toString()).toArray(String[]::new));
      delete.setObject(2, whole.stream().mapToLong(Stretch::firstSeq).toArray());
      delete.setObject(3, whole.stream().mapToLong(Stretch::lastSeq).toArray());
      taken += delete.executeUpdate();
    }
    for (Stretch part : stretches) {
      if (!part.isWhole()) {
        taken += partDone(part);
      }
    }
    if (taken != stretches.size()) {
      throw new SQLException(
          "%d stretches of records were to be added up, but %d were there"
              .formatted(stretches.size(), taken));
    }
  }

  private int partDone(Stretch part) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PART_DONE)) {
      update.setLong(1, part.upTo() + 1);
      update.setObject(2, part.spoolId());
      update.setLong(3, part.lastSeq());
      update.setLong(4, part.firstSeq());
      return update.executeUpdate();
    }
  }
}
