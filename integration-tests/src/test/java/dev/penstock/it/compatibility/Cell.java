package dev.penstock.it.compatibility;

import java.net.URI;

/** One field of the table. */
record Cell(Sdk sdk, Upstream upstream, Situation situation) {
  Door door(URI gateway, String key) {
    return new Door(gateway, key, upstream.model(situation));
  }

  @Override
  public String toString() {
    return sdk.title() + " at " + upstream.title() + ": " + situation.title();
  }
}
