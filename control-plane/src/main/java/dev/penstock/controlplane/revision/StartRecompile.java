package dev.penstock.controlplane.revision;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Before anything is served: what nodes are to get is what this build makes of the state. */
@Singleton
class StartRecompile {

  private static final Logger LOG = Logger.getLogger(StartRecompile.class);
  private static final String AUTHOR = "control-plane";

  private final WriteDesk desk;

  StartRecompile(WriteDesk desk) {
    this.desk = desk;
  }

  void onStart(@Observes StartupEvent start) {
    if (desk.recompile(AUTHOR)) {
      LOG.info("snapshots recompiled: they were not what this build compiles from the state");
    }
  }
}
