package dev.penstock.controlplane.listing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list; the cursor is null at the end. */
public record Listed<T>(List<T> items, @Nullable String nextCursor) {

  public Listed {
    items = List.copyOf(items);
  }
}
