package dev.penstock.controlplane.secret;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Wraps every data key by the first master key when the process starts, so that an old one can be
 * taken away. Values are not touched; several replicas may do it at once.
 */
@Singleton
class Rewrap {

  private static final Logger LOG = Logger.getLogger(Rewrap.class);

  private final SecretRows rows;
  private final Envelope envelope;

  Rewrap(SecretRows rows, Envelope envelope) {
    this.rows = rows;
    this.envelope = envelope;
  }

  void onStart(@Observes StartupEvent start) {
    int rewrapped = run();
    if (rewrapped > 0) {
      LOG.infof("%d keys are wrapped by the first master key now", rewrapped);
    }
  }

  /** How many keys had another wrapping. */
  @Transactional
  int run() {
    int count = 0;
    for (SecretRows.WrappedKey key : rows.wrappedKeys()) {
      Optional<byte[]> wrapped = envelope.rewrap(key.sealName(), key.wrappedKey());
      if (wrapped.isPresent()) {
        rows.rewrap(key, wrapped.get());
        count++;
      }
    }
    return count;
  }
}
