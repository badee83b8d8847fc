package dev.penstock.it.compatibility;

import java.net.URI;

/** All that an application changes to ask a gateway, and the model that it wants. */
record Door(URI gateway, String key, String model) {
  @Override
  public String toString() {
    return model + " at " + gateway;
  }
}
