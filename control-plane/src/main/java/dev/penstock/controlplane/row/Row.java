package dev.penstock.controlplane.row;

/**
 * An entity that holds one resource. It has a {@code name}, and a {@code tenant} where its kind
 * belongs to tenants.
 *
 * @param <R> the resource as a record
 */
public interface Row<R> {

  /** Takes over a resource; whether the row is new or another version of it is there. */
  void set(R wanted);

  R toRecord();
}
