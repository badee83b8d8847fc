package dev.penstock.controlplane.usage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One transaction of the sums: takes stored records, adds them up in memory, adds that to the rows,
 * and notes what is done.
 */
final class SumRound {

  /** Any number that nobody else locks. */
  private static final long LOCK = 0x7375_6D73L;

  /** Read at once. */
  private static final int AT_A_TIME = 2_500;

  /** Of all records that are added up together, as a bound for memory: tags may multiply them. */
  private static final int MOST_TAGS = 150_000;

  private final Connection connection;
  private final SpendTags tags;
  private final Unsummed unsummed;

  SumRound(Connection connection, SpendTags tags) {
    this.connection = connection;
    this.tags = tags;
    unsummed = new Unsummed(connection);
  }

  /**
   * Adds up the oldest records, at most so many; returns whether there may be more.
   *
   * @param tried hears what they are, before anything can fail because of them
   */
  boolean addUp(int most, Consumer<List<Stretch>> tried) throws SQLException {
    lock();
    List<Stretch> oldest = unsummed.oldest(most);
    tried.accept(oldest);
    List<Stretch> taken = new ArrayList<>();
    List<Used> records = new ArrayList<>();
    long tagged = 0;
    for (List<Stretch> few : parts(oldest)) {
      if (tagged > MOST_TAGS) {
        break;
      }
      List<Used> read = new UsedRows(connection).of(few);
      tagged += read.stream().mapToLong(record -> record.tags().size()).sum();
      records.addAll(read);
      taken.addAll(few);
    }
    add(records);
    unsummed.done(taken);
    long length = taken.stream().mapToLong(Stretch::length).sum();
    return taken.size() < oldest.size() || length == most;
  }

  /**
   * Notes these as done without adding them up.
   *
   * @throws SQLException if somebody else has done so meanwhile
   */
  void leaveOut(List<Stretch> records) throws SQLException {
    lock();
    unsummed.done(records);
  }

  /** One round at a time among all replicas; who waits for too long tries again later. */
  private void lock() throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "SELECT set_config('lock_timeout', '3s', true), pg_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      lock.executeQuery().close();
    }
  }

  private static List<List<Stretch>> parts(List<Stretch> all) {
    List<List<Stretch>> parts = new ArrayList<>();
    long length = AT_A_TIME;
    for (Stretch stretch : all) {
      if (length + stretch.length() > AT_A_TIME) {
        parts.add(new ArrayList<>());
        length = 0;
      }
      parts.getLast().add(stretch);
      length += stretch.length();
    }
    return parts;
  }

  private void add(List<Used> records) throws SQLException {
    Set<SpendTags.Tagged> rowsOfTheirOwn = tags.claim(connection, SpendSums.tagsOf(records));
    SpendSums sums = new SpendSums();
    records.forEach(record -> sums.add(record, rowsOfTheirOwn));
    SumRows.add(connection, sums);
  }
}
