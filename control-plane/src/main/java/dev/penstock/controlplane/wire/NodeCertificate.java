package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.fleet.NodeIdentity;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.inject.Singleton;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Takes who a node is from its certificate, which the TLS layer has verified against our CA. A call
 * whose certificate does not name exactly one node ends here.
 */
@Singleton
public final class NodeCertificate implements ServerInterceptor {

  static final Context.Key<NodeIdentity> IDENTITY = Context.key("penstock-node");

  private static final int SAN_URI = 6;

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<NodeIdentity> identity =
        identity(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (identity.isEmpty()) {
      call.close(
          Status.PERMISSION_DENIED.withDescription("the certificate names no node of Penstock"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current().withValue(IDENTITY, identity.get());
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static Optional<NodeIdentity> identity(@Nullable SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? identity(certificate)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException | CertificateParsingException none) {
      return Optional.empty();
    }
  }

  private static Optional<NodeIdentity> identity(X509Certificate certificate)
      throws CertificateParsingException {
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
  }
}
