package dev.penstock.dataplane;

import dev.penstock.dataplane.config.Limits;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The default limits but for some, by their names in {@link Limits}. */
final class ChangedLimits {

  private ChangedLimits() {}

  static Limits of(Map<String, Object> changes) {
    Map<String, Object> left = new HashMap<>(changes);
    RecordComponent[] components = Limits.class.getRecordComponents();
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        Object changed = left.remove(components[i].getName());
        values[i] = changed == null ? components[i].getAccessor().invoke(Limits.DEFAULTS) : changed;
      }
      if (!left.isEmpty()) {
        throw new IllegalArgumentException("no such limits: " + left.keySet());
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return Limits.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record's accessors and constructor are public", e);
    }
  }
}
