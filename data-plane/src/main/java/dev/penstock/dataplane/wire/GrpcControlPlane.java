package dev.penstock.dataplane.wire;

import dev.penstock.dataplane.config.NodeConfig.ControlPlaneConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.enrolment.Identity;
import dev.penstock.dataplane.session.ControlPlane;
import dev.penstock.dataplane.session.Down;
import dev.penstock.dataplane.session.ToControl;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeSessionGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The control plane over gRPC with mutual TLS. Every stream has a channel of its own, made from the
 * files as they are then: so a renewed certificate is used from the next connection on.
 */
public final class GrpcControlPlane implements ControlPlane {

  /** A half-open connection is found within 15 s. */
  private static final long KEEP_ALIVE_SECONDS = 10;

  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  private final ControlPlaneConfig config;
  private final Identity identity;
  private final SessionMessages messages;

  public GrpcControlPlane(ControlPlaneConfig config, Identity identity, String build) {
    this.config = Objects.requireNonNull(config, "config");
    this.identity = Objects.requireNonNull(identity, "identity");
    messages = new SessionMessages(build);
  }

  @Override
  public Link connect(HostPort address, Listener listener) {
    ManagedChannel channel;
    try {
      Optional<Identity.Pem> own = identity.current();
      if (own.isEmpty()) {
        listener.onClosed(Down.NO_CERTIFICATE, "the node has no certificate");
        return new NoLink();
      }
      channel =
          Grpc.newChannelBuilderForAddress(address.host(), address.port(), credentials(own.get()))
              .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .disableRetry()
              .directExecutor()
              .build();
    } catch (IOException | IllegalArgumentException unreadable) {
      listener.onClosed(
          Down.NO_CERTIFICATE,
          "the node's certificate files cannot be used: " + unreadable.getMessage());
      return new NoLink();
    }
    Stream stream = new Stream(channel, listener);
    var unused = NodeSessionGrpc.newStub(channel).connect(stream);
    return stream;
  }

  private ChannelCredentials credentials(Identity.Pem own) throws IOException {
    return TlsChannelCredentials.newBuilder()
        .trustManager(config.ca().toFile())
        .keyManager(
            new ByteArrayInputStream(own.certificates()), new ByteArrayInputStream(own.key()))
        .build();
  }

  /** {@code UNAUTHENTICATED} is said of certificates alone: NodeGuard and EndCause over there. */
  private static Down down(Status.Code code) {
    return switch (code) {
      case UNAUTHENTICATED -> Down.DISTRUSTED;
      case PERMISSION_DENIED,
          FAILED_PRECONDITION,
          INVALID_ARGUMENT,
          UNIMPLEMENTED,
          ABORTED,
          ALREADY_EXISTS,
          OUT_OF_RANGE ->
          Down.REFUSED;
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          NOT_FOUND,
          RESOURCE_EXHAUSTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS ->
          Down.UNREACHABLE;
    };
  }

  /** For an attempt that ended before it began. */
  private record NoLink() implements Link {
    @Override
    public void send(ToControl message) {}

    @Override
    public void readNext() {}

    @Override
    public void close() {}
  }

  private final class Stream implements Link, ClientResponseObserver<NodeMessage, ControlMessage> {

    private final ManagedChannel channel;
    private final Listener listener;
    private volatile boolean closed;
    private @Nullable ClientCallStreamObserver<NodeMessage> requests;

    Stream(ManagedChannel channel, Listener listener) {
      this.channel = channel;
      this.listener = listener;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<NodeMessage> observer) {
      // The first message is asked for here, each further one when its predecessor was dealt with.
      observer.disableAutoRequestWithInitial(1);
      requests = observer;
    }

    @Override
    public void send(ToControl message) {
      if (!closed) {
        requests().onNext(messages.of(message));
      }
    }

    @Override
    public void readNext() {
      requests().request(1);
    }

    private ClientCallStreamObserver<NodeMessage> requests() {
      return Objects.requireNonNull(requests, "beforeStart comes first");
    }

    @Override
    public void close() {
      closed = true;
      requests().cancel("the node ends the session", null);
      channel.shutdownNow();
    }

    @Override
    public void onNext(ControlMessage message) {
      if (!closed) {
        listener.onMessage(messages.of(message));
      }
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      Down why = down(status.getCode());
      if (!closed && why == Down.DISTRUSTED) {
        identity.onDistrusted();
      }
      end(
          why,
          status.getCode()
              + (status.getDescription() == null ? "" : ": " + status.getDescription()));
    }

    @Override
    public void onCompleted() {
      end(Down.UNREACHABLE, "the control plane ended the session");
    }

    private void end(Down why, String reason) {
      if (!closed) {
        closed = true;
        channel.shutdownNow();
        listener.onClosed(why, reason);
      }
    }
  }
}
