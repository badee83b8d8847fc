package dev.penstock.dataplane.wire;

import com.google.protobuf.ByteString;
import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.enrolment.EnrolmentLine;
import dev.penstock.dataplane.enrolment.Identity;
import dev.penstock.proto.fleet.v1.EnrollRequest;
import dev.penstock.proto.fleet.v1.NodeCertificate;
import dev.penstock.proto.fleet.v1.NodeEnrollmentGrpc;
import dev.penstock.proto.fleet.v1.NodeEnrollmentGrpc.NodeEnrollmentBlockingStub;
import dev.penstock.proto.fleet.v1.RenewRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks for certificates over gRPC; a line for each call, as there are two a day. */
public final class GrpcEnrolment implements EnrolmentLine {

  private static final int PATIENCE_SECONDS = 10;

  private final NodeConfig config;

  public GrpcEnrolment(NodeConfig config) {
    this.config = Objects.requireNonNull(config, "config");
  }

  @Override
  public void prepare(HostPort address) {
    try {
      ManagedChannel channel = channel(address, Optional.empty());
      channel.getState(true);
      channel.shutdownNow();
    } catch (IOException | IllegalArgumentException unreadable) {
      // The first real attempt says so.
    }
  }

  @Override
  public Answer enrol(HostPort address, Proof proof, byte[] signingRequest) {
    EnrollRequest.Builder request =
        EnrollRequest.newBuilder()
            .setNodeName(config.nodeName())
            .setRegion(config.region())
            .setCsr(ByteString.copyFrom(signingRequest));
    switch (proof) {
      case Proof.JoinToken(String text) -> request.setJoinToken(text);
      case Proof.ServiceAccountToken(String text) -> request.setServiceAccountToken(text);
    }
    return ask(address, Optional.empty(), stub -> stub.enroll(request.build()));
  }

  @Override
  public Answer renew(HostPort address, Identity.Pem current, byte[] signingRequest) {
    RenewRequest request =
        RenewRequest.newBuilder().setCsr(ByteString.copyFrom(signingRequest)).build();
    return ask(address, Optional.of(current), stub -> stub.renew(request));
  }

  private Answer ask(
      HostPort address,
      Optional<Identity.Pem> own,
      Function<NodeEnrollmentBlockingStub, NodeCertificate> call) {
    ManagedChannel channel;
    try {
      channel = channel(address, own);
    } catch (IOException | IllegalArgumentException unreadable) {
      return new Answer.Unavailable("PENSTOCK_TLS_CA cannot be used: " + unreadable.getMessage());
    }
    try {
      NodeCertificate issued =
          call.apply(
              NodeEnrollmentGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS));
      return new Answer.Issued(
          issued.getChainList().stream().map(ByteString::toByteArray).toList());
    } catch (StatusRuntimeException refused) {
      return refusal(refused.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel(HostPort address, Optional<Identity.Pem> own) throws IOException {
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().trustManager(config.controlPlane().ca().toFile());
    if (own.isPresent()) {
      credentials.keyManager(
          new ByteArrayInputStream(own.get().certificates()),
          new ByteArrayInputStream(own.get().key()));
    }
    return Grpc.newChannelBuilderForAddress(address.host(), address.port(), credentials.build())
        .disableRetry()
        .build();
  }

  private static Answer refusal(Status status) {
    String sentence =
        status.getDescription() == null ? status.getCode().toString() : status.getDescription();
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, ALREADY_EXISTS, INVALID_ARGUMENT ->
          new Answer.Refused(sentence);
      case UNIMPLEMENTED ->
          new Answer.Unavailable("the control plane is older than enrolment: " + sentence);
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          NOT_FOUND,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS ->
          new Answer.Unavailable(sentence);
    };
  }
}
