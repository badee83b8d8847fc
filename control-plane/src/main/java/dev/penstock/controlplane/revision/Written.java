package dev.penstock.controlplane.revision;

import java.util.List;

/**
 * What a write did.
 *
 * @param revision the new one, or the old one where nothing changed
 */
public record Written(long revision, List<Change> changes, List<MintedKey> keys) {

  public Written {
    changes = List.copyOf(changes);
    keys = List.copyOf(keys);
  }
}
