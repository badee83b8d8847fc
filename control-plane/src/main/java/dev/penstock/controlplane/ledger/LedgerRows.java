package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.ledger.Alignment;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.Posting;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of windows, and how decisions are booked. What moves money or takes a lock is a function
 * of the database.
 */
final class LedgerRows {

  private static final String BUDGET =
      "SELECT budget_id, tenant, amount_nano_usd, window_every, time_zone, rolling_seconds, mode FROM policy.budget ";

  /** As many transfers are booked faster one by one. */
  private static final int FEW = 2;

  private final Sql sql;
  private final LeaseRows leases;

  LedgerRows(Connection connection) {
    sql = new Sql(connection);
    leases = new LeaseRows(connection);
  }

  LeaseRows leases() {
    return leases;
  }

  Optional<BudgetTerms> budget(UUID budgetId) throws SQLException {
    return sql.one(BUDGET + "WHERE budget_id = ?", RowMaps::terms, budgetId);
  }

  /** A window and a lease on it, both locked, and what is around them. */
  record Locked(BudgetWindow window, LeaseBalance lease, LeaseRows.Surroundings around) {}

  /** What a budget says, and the lease that is asked for, where it is there already. */
  record Asked(BudgetTerms terms, Optional<Locked> locked) {}

  /**
   * What a request for money is about; empty where there is no such budget. Locks the lease's
   * window, then the lease, and looks around from there.
   */
  Optional<Asked> asked(LeaseAsk ask, Duration learning) throws SQLException {
    UUID leaseId = ask.leaseId();
    Trip trip = new Trip(sql.connection());
    Trip.Leg<BudgetTerms> terms =
        trip.leg(BUDGET + "WHERE budget_id = ?", RowMaps::terms, ask.budgetId());
    Trip.Leg<BudgetWindow> window =
        trip.leg(
            "SELECT * FROM ledger.lock_window((SELECT window_id FROM ledger.lease WHERE lease_id = ?))",
            RowMaps::window,
            leaseId);
    Trip.Leg<LeaseBalance> lease =
        trip.leg("SELECT * FROM ledger.lock_lease(?)", RowMaps::lease, leaseId);
    Trip.Leg<LeaseRows.Surroundings> around =
        LeaseRows.surroundings(trip, leaseId, ask.node(), learning);
    trip.go();
    if (window.found().isEmpty() && (lease.found().isPresent() || around.found().isPresent())) {
      throw openedMeanwhile(leaseId); // its window has to be locked before it
    }
    Optional<Locked> locked =
        window.found().isPresent()
            ? Optional.of(new Locked(window.row(), lease.row(), around.row()))
            : Optional.empty();
    return terms.found().map(found -> new Asked(found, locked));
  }

  /** Another request was quicker: the transaction is to be run again. */
  static SQLException openedMeanwhile(UUID leaseId) {
    return Transactions.lostRace("lease " + leaseId + " was opened meanwhile");
  }

  Optional<BudgetTerms> budget(String tenant, String name) throws SQLException {
    return sql.one(BUDGET + "WHERE tenant = ? AND name = ?", RowMaps::terms, tenant, name);
  }

  void openWindow(BudgetTerms terms, Period period) throws SQLException {
    String mode = word(terms.mode());
    if (terms.rolling().isPresent()) {
      sql.call(
          "SELECT ledger.open_rolling_window(?, ?, ?, ?, ?)",
          terms.windowId(period),
          terms.tenant(),
          terms.budgetId(),
          mode,
          terms.rolling().get().toSeconds());
      return;
    }
    sql.call(
        "SELECT ledger.open_window(?, ?, ?, ?, ?, ?)",
        terms.windowId(period),
        terms.tenant(),
        terms.budgetId(),
        Timestamp.from(period.startsAt()),
        Timestamp.from(period.endsAt()),
        mode);
  }

  Optional<BudgetWindow> lockWindow(UUID windowId) throws SQLException {
    return sql.one("SELECT * FROM ledger.lock_window(?)", RowMaps::window, windowId);
  }

  /** Locks windows in this order. */
  List<BudgetWindow> lockWindows(Collection<UUID> windowIds) throws SQLException {
    return sql.all(
        "SELECT * FROM ledger.lock_windows(?)", RowMaps::window, sql.array("uuid", windowIds));
  }

  /** Windows of a budget, in the order that is asked for. */
  List<BudgetWindow> windows(UUID budgetId, WindowQuery query) throws SQLException {
    return sql.all(
        """
        SELECT * FROM ledger.budget_window WHERE budget_id = ? AND starts_at >= ? AND starts_at < ?
        ORDER BY starts_at %s LIMIT ?\
        """
            .formatted(query.oldestFirst() ? "ASC" : "DESC"),
        RowMaps::window,
        budgetId,
        Timestamp.from(query.from()),
        Timestamp.from(query.before()),
        query.limit());
  }

  Optional<BudgetWindow> window(UUID windowId) throws SQLException {
    return sql.one(
        "SELECT * FROM ledger.budget_window WHERE window_id = ?", RowMaps::window, windowId);
  }

  /** Running windows that are not as their budgets say, and not on their way there. */
  List<UUID> otherThanTheirBudgets(Instant now) throws SQLException {
    return sql.all(
        """
        SELECT w.window_id FROM ledger.budget_window w
        JOIN policy.budget b ON b.budget_id = w.budget_id
        WHERE w.starts_at <= ? AND w.ends_at > ?
          AND (w.limit_nusd - w.pending_cut <> b.amount_nano_usd OR w.mode <> b.mode
            OR w.rolling_seconds <> b.rolling_seconds)
        ORDER BY w.window_id\
        """,
        row -> row.getObject(1, UUID.class),
        Timestamp.from(now),
        Timestamp.from(now));
  }

  /** Mode and length of a locked window become its budget's. */
  void follow(UUID windowId, BudgetTerms terms) throws SQLException {
    sql.call(
        "SELECT ledger.follow_budget(?, ?, ?)",
        windowId,
        word(terms.mode()),
        terms.rolling().map(Duration::toSeconds).orElse(0L));
  }

  private static String word(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  void setPendingCut(UUID windowId, long amount) throws SQLException {
    sql.call("SELECT ledger.set_pending_cut(?, ?)", windowId, amount);
  }

  /** Books a decision on a locked lease, and notes what postings do not say. */
  void book(Booking booking) throws SQLException {
    book(List.of(booking));
  }

  /** The same, and that its node has been heard of. */
  void bookHeard(Booking booking) throws SQLException {
    List<Line> lines = lines(booking).toList();
    LeaseBalance after = booking.decision().lease();
    if (lines.isEmpty() || after.standing() != booking.before().standing()) {
      book(booking);
      leases.note(after, LeaseRows.Heard.YES);
      return;
    }
    Trip trip = new Trip(sql.connection());
    post(lines, trip::call);
    LeaseRows.note(after, LeaseRows.Heard.YES, trip::call);
    trip.go();
    notePendingCut(booking);
  }

  /** The same of many, in their order. */
  void book(List<Booking> bookings) throws SQLException {
    post(bookings.stream().flatMap(LedgerRows::lines).toList(), sql::call);
    for (Booking booking : bookings) {
      note(booking);
    }
  }

  private static Stream<Line> lines(Booking booking) {
    UUID windowId = booking.before().windowId();
    return booking.decision().postings().stream()
        .map(posting -> new Line(windowId, posting, booking.source()));
  }

  private void notePendingCut(Booking booking) throws SQLException {
    long pendingCut = booking.decision().window().pendingCut();
    if (pendingCut != booking.pendingCutBefore()) {
      setPendingCut(booking.before().windowId(), pendingCut);
    }
  }

  private void note(Booking booking) throws SQLException {
    LeaseBalance before = booking.before();
    LeaseBalance after = booking.decision().lease();
    notePendingCut(booking);
    if (after.givenBack() != before.givenBack() || after.recallTotal() != before.recallTotal()) {
      leases.note(after, LeaseRows.Heard.NO);
    }
    if (after.standing() != before.standing()) {
      switch (after.standing()) {
        case ACTIVE -> throw new SQLException("nothing leads back to an active lease");
        case QUARANTINED -> sql.call("SELECT ledger.quarantine_lease(?)", after.leaseId());
        case CLOSED -> sql.call("SELECT ledger.close_lease(?)", after.leaseId());
      }
    }
  }

  /** Books what happens to a locked window. */
  void book(BudgetWindow before, Alignment alignment, String source) throws SQLException {
    post(
        alignment.postings().stream()
            .map(posting -> new Line(before.windowId(), posting, source))
            .toList(),
        sql::call);
    if (alignment.window().pendingCut() != before.pendingCut()) {
      setPendingCut(before.windowId(), alignment.window().pendingCut());
    }
  }

  /** A transfer of a window, and what it stems from. */
  private record Line(UUID windowId, Posting posting, String source) {

    UUID id() {
      return NameUuid.of(posting.name());
    }

    String kind() {
      return posting.transfer().name();
    }

    @Nullable UUID leaseId() {
      return posting.leaseId().orElse(null);
    }
  }

  /** Moves money; the transaction ids make a repetition harmless. */
  private void post(List<Line> lines, Sql.Caller caller) throws SQLException {
    if (lines.size() > FEW) {
      caller.call(
          "SELECT ledger.post_all(?, ?, ?, ?, ?, ?)",
          column("uuid", lines, Line::id),
          column("text", lines, Line::kind),
          column("uuid", lines, Line::windowId),
          column("uuid", lines, Line::leaseId),
          column("int8", lines, line -> line.posting().amount()),
          column("text", lines, Line::source));
      return;
    }
    for (Line line : lines) {
      caller.call(
          "SELECT ledger.post(?, ?, ?, ?, ?, ?)",
          line.id(),
          line.kind(),
          line.windowId(),
          line.leaseId(),
          line.posting().amount(),
          line.source());
    }
  }

  private Array column(String type, List<Line> lines, Function<Line, @Nullable Object> value)
      throws SQLException {
    return sql.array(type, lines.stream().map(value).toList());
  }
}
