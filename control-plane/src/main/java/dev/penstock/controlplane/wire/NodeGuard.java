package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.enrolment.IssuingAuthority;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.proto.fleet.v1.NodeEnrollmentGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every call of every service. Takes who a node is from its certificate, which the
 * TLS layer has verified against the authorities that are trusted. A call without one, or whose
 * certificate does not name exactly one node, ends here, but for the one call by which a node gets
 * its first certificate.
 */
@GlobalInterceptor
@Singleton
public final class NodeGuard implements ServerInterceptor {

  static final Context.Key<PresentedCertificate> PRESENTED = Context.key("penstock-node");

  private static final String WITHOUT_CERTIFICATE =
      NodeEnrollmentGrpc.getEnrollMethod().getFullMethodName();

  private static final int SAN_URI = 6;

  private final EnrolmentGate enrolment;

  NodeGuard(EnrolmentGate enrolment) {
    this.enrolment = enrolment;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getFullMethodName().equals(WITHOUT_CERTIFICATE)) {
      return enrolment.interceptCall(call, headers, next);
    }
    Optional<X509Certificate> shown =
        certificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (shown.isEmpty()) {
      return refuse(call, Status.UNAUTHENTICATED, "a client certificate is needed");
    }
    try {
      // TLS looked when the line was opened; the line may be older than the rest of its life.
      shown.get().checkValidity();
    } catch (CertificateException over) {
      return refuse(call, Status.UNAUTHENTICATED, "the certificate has expired");
    }
    Optional<PresentedCertificate> presented =
        identity(shown.get()).map(node -> IssuingAuthority.presented(node, shown.get()));
    if (presented.isEmpty()) {
      return refuse(call, Status.PERMISSION_DENIED, "the certificate names no node of Penstock");
    }
    Context context = Context.current().withValue(PRESENTED, presented.get());
    return Contexts.interceptCall(context, call, headers, next);
  }

  static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, Status status, String sentence) {
    call.close(status.withDescription(sentence), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static Optional<X509Certificate> certificate(@Nullable SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  private static Optional<NodeIdentity> identity(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      List<NodeIdentity> identities =
          names.stream()
              .filter(name -> Integer.valueOf(SAN_URI).equals(name.get(0)))
              .flatMap(name -> NodeIdentity.ofUri(String.valueOf(name.get(1))).stream())
              .distinct()
              .toList();
      return identities.size() == 1 ? Optional.of(identities.getFirst()) : Optional.empty();
    } catch (CertificateException unreadable) {
      return Optional.empty();
    }
  }
}
