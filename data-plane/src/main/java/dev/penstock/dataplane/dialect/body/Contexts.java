package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonStreamContext;
import org.jspecify.annotations.Nullable;

/** Where in a request a parser stands. */
public final class Contexts {

  private Contexts() {}

  /** Whether an object is the request itself. */
  public static boolean isRoot(@Nullable JsonStreamContext object) {
    if (object == null || !object.inObject()) {
      return false;
    }
    JsonStreamContext outside = object.getParent();
    return outside == null || outside.inRoot();
  }

  /** Whether an object is an item of a list of this name, and what it is an item of. */
  public static @Nullable JsonStreamContext ownerOfList(
      @Nullable JsonStreamContext object, String list) {
    JsonStreamContext array = object == null ? null : object.getParent();
    JsonStreamContext owner = array == null ? null : array.getParent();
    return array != null
            && array.inArray()
            && owner != null
            && owner.inObject()
            && list.equals(owner.getCurrentName())
        ? owner
        : null;
  }
}
