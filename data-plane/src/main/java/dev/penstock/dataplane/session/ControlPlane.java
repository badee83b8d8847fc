package dev.penstock.dataplane.session;

import dev.penstock.dataplane.config.NodeConfig.HostPort;

/** How a stream to a control plane replica is opened. */
public interface ControlPlane {

  /** One stream. Both methods are called by the session's thread only. */
  interface Link {

    void send(ToControl message);

    /** The last message was dealt with: the next may come. So nothing piles up in memory. */
    void readNext();

    /** Ends the stream; the listener hears nothing more. */
    void close();
  }

  /** Called on the transport's threads. */
  interface Listener {

    void onMessage(FromControl message);

    void onClosed(Down why, String sentence);
  }

  /** Starts a stream; whether it comes about shows by what the listener hears. */
  Link connect(HostPort address, Listener listener);
}
