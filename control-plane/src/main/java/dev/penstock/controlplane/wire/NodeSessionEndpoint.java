package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.fleet.ControlSays;
import dev.penstock.controlplane.fleet.EndCause;
import dev.penstock.controlplane.fleet.SessionLine;
import dev.penstock.controlplane.fleet.Switchboard;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeSessionGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/**
 * The gRPC end of a node's line. It runs on an event loop: it translates and hands over, and never
 * waits.
 */
@GrpcService
public class NodeSessionEndpoint extends NodeSessionGrpc.NodeSessionImplBase {

  private final Switchboard switchboard;

  NodeSessionEndpoint(Switchboard switchboard) {
    this.switchboard = switchboard;
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<ControlMessage> responses) {
    PresentedCertificate certificate = NodeGuard.PRESENTED.get();
    if (certificate == null) {
      throw new StatusRuntimeException(Status.UNAUTHENTICATED);
    }
    ServerCallStreamObserver<ControlMessage> call =
        (ServerCallStreamObserver<ControlMessage>) responses;
    call.disableAutoRequest();
    Switchboard.Ear ear = switchboard.connect(certificate, new GrpcLine(call));
    call.setOnReadyHandler(ear::onWritable);
    call.setOnCancelHandler(ear::onGone);
    return new StreamObserver<>() {
      @Override
      public void onNext(NodeMessage message) {
        ear.onSaid(NodeMessages.read(message));
      }

      @Override
      public void onError(Throwable failure) {
        ear.onGone();
      }

      @Override
      public void onCompleted() {
        ear.onGone();
      }
    };
  }

  /** A line over one gRPC call. */
  private record GrpcLine(ServerCallStreamObserver<ControlMessage> call) implements SessionLine {

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void say(ControlSays says) {
      if (!call.isCancelled()) {
        call.onNext(ControlMessages.write(says));
      }
    }

    @Override
    public void listen() {
      call.request(1);
    }

    @Override
    public void end(EndCause cause) {
      if (call.isCancelled()) {
        return;
      }
      Status status = status(cause.kind());
      if (status.isOk()) {
        call.onCompleted();
        return;
      }
      call.onError(status.withDescription(cause.sentence()).asRuntimeException());
    }

    private static Status status(EndCause.Kind kind) {
      return switch (kind) {
        case NODE_GONE -> Status.OK;
        case NOT_ALLOWED -> Status.PERMISSION_DENIED;
        case UNTRUSTED -> Status.UNAUTHENTICATED;
        case OUT_OF_ORDER -> Status.FAILED_PRECONDITION;
        case MALFORMED -> Status.INVALID_ARGUMENT;
        case REPLACED -> Status.ABORTED;
        case UNAVAILABLE -> Status.UNAVAILABLE;
      };
    }
  }
}
