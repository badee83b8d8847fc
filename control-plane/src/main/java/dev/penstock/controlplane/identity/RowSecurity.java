package dev.penstock.controlplane.identity;

import io.agroal.api.AgroalPoolInterceptor;
import io.quarkus.arc.Arc;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the database with each connection that is taken from the pool how far the work at hand
 * reaches. A query that forgot its condition then finds no row of somebody else's, and a connection
 * that nobody told anything finds none at all.
 *
 * <p>It costs a round trip each time: what a connection was told before may have been undone by a
 * rollback, so that is never relied on.
 */
@Singleton
public class RowSecurity implements AgroalPoolInterceptor {

  private static final String TELL =
      "SELECT set_config('role', ?, false), set_config('penstock.reads', ?, false),"
          + " set_config('penstock.writes', ?, false)";

  private static final ScopedValue<Reach> WIDENED = ScopedValue.newInstance();

  private final CurrentCaller caller;

  RowSecurity(CurrentCaller caller) {
    this.caller = caller;
  }

  /**
   * Runs work of the control plane's own in the middle of somebody's request, such as finding out
   * what that somebody may reach. It must have its own transaction or none.
   */
  public static <T extends @Nullable Object, X extends Exception> T widened(
      ScopedValue.CallableOp<T, X> work) throws X {
    return ScopedValue.where(WIDENED, Reach.EVERYTHING).call(work);
  }

  @Override
  public void onConnectionAcquire(Connection connection) {
    Reach reach = reach();
    try (PreparedStatement tell = connection.prepareStatement(TELL)) {
      tell.setString(1, reach.role().word);
      tell.setString(2, reach.reads());
      tell.setString(3, reach.writes());
      tell.executeQuery().close();
    } catch (SQLException e) {
      // Whoever takes a connection must not get one that reaches as far as the work before did.
      throw new IllegalStateException("cannot tell the database how far a request reaches", e);
    }
  }

  private Reach reach() {
    if (WIDENED.isBound()) {
      return WIDENED.get();
    }
    return Arc.container().requestContext().isActive() ? caller.reach() : Reach.EVERYTHING;
  }
}
