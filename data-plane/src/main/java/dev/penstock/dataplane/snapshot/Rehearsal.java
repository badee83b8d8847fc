package dev.penstock.dataplane.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What a node does with a snapshot that has passed, before it is stored and put in force. It tells
 * and prepares; to refuse is the judge's. If it throws, the snapshot trips our own code and is not
 * put in force.
 */
@FunctionalInterface
public interface Rehearsal {

  /**
   * Runs on the thread that judges snapshots, so it delays the snapshot for as long as it takes.
   *
   * @param now what is in force; null before the first
   */
  void rehearse(@Nullable ServingSnapshot now, ServingSnapshot next);
}
