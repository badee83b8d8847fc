package dev.penstock.controlplane.wire;

import com.google.protobuf.ByteString;
import dev.penstock.controlplane.enrolment.Enrolled;
import dev.penstock.controlplane.enrolment.Enrolled.Why;
import dev.penstock.controlplane.enrolment.Enrolment;
import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.enrolment.Proof;
import dev.penstock.proto.fleet.v1.EnrollRequest;
import dev.penstock.proto.fleet.v1.NodeCertificate;
import dev.penstock.proto.fleet.v1.NodeEnrollmentGrpc;
import dev.penstock.proto.fleet.v1.RenewRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.function.Supplier;

/**
 * The gRPC end of enrolment. It runs on an event loop: it hands over to a thread that may wait, and
 * only looks at sizes itself.
 */
@GrpcService
public class NodeEnrollmentEndpoint extends NodeEnrollmentGrpc.NodeEnrollmentImplBase {

  /** A CSR, a token and two names; the server takes more only because sessions carry usage. */
  private static final int MAX_REQUEST = 16 * 1024;

  private final Enrolment enrolment;

  NodeEnrollmentEndpoint(Enrolment enrolment) {
    this.enrolment = enrolment;
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<NodeCertificate> answer) {
    if (isTooLarge(request.getSerializedSize(), answer)) {
      return;
    }
    answer(
        answer,
        () ->
            switch (request.getProofCase()) {
              case JOIN_TOKEN -> enrol(request, new Proof.JoinToken(request.getJoinToken()));
              case SERVICE_ACCOUNT_TOKEN ->
                  enrol(request, new Proof.ServiceAccountToken(request.getServiceAccountToken()));
              case PROOF_NOT_SET -> new Enrolled.Refused(Why.NOT_PROVEN, "join_token: missing");
            });
  }

  private Enrolled enrol(EnrollRequest request, Proof proof) {
    return enrolment.enrol(
        request.getNodeName(), request.getRegion(), proof, request.getCsr().toByteArray());
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<NodeCertificate> answer) {
    PresentedCertificate shown = NodeGuard.PRESENTED.get();
    if (shown == null) {
      answer.onError(Status.UNAUTHENTICATED.asRuntimeException());
      return;
    }
    if (!isTooLarge(request.getSerializedSize(), answer)) {
      answer(answer, () -> enrolment.renew(shown, request.getCsr().toByteArray()));
    }
  }

  private static boolean isTooLarge(int bytes, StreamObserver<?> answer) {
    if (bytes <= MAX_REQUEST) {
      return false;
    }
    answer.onError(
        Status.INVALID_ARGUMENT
            .withDescription("%d bytes (expected: at most %d)".formatted(bytes, MAX_REQUEST))
            .asRuntimeException());
    return true;
  }

  private static void answer(StreamObserver<NodeCertificate> answer, Supplier<Enrolled> decision) {
    Thread.ofVirtual()
        .name("enrolment")
        .start(() -> {
          switch (decision.get()) {
            case Enrolled.Issued issued -> {
              NodeCertificate.Builder certificate = NodeCertificate.newBuilder();
              issued.chain().forEach(der -> certificate.addChain(ByteString.copyFrom(der)));
              answer.onNext(certificate.build());
              answer.onCompleted();
            }
            case Enrolled.Refused(Why why, String sentence) ->
                answer.onError(status(why).withDescription(sentence).asRuntimeException());
          }
        });
  }

  private static Status status(Why why) {
    return switch (why) {
      case NOT_SET_UP -> Status.FAILED_PRECONDITION;
      case MALFORMED -> Status.INVALID_ARGUMENT;
      case NOT_PROVEN -> Status.UNAUTHENTICATED;
      case NOT_ALLOWED -> Status.PERMISSION_DENIED;
      case NAME_TAKEN -> Status.ALREADY_EXISTS;
      case TOO_OFTEN -> Status.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
    };
  }
}
