package dev.penstock.controlplane.enrolment;

import com.google.protobuf.ByteString;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestPki.PemFiles;
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
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** Asks for certificates over real TLS, honestly or not. */
final class Joiner implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;
  private static final int MAX_TURNED_AWAY = 50;
  private static final long TURNED_AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ManagedChannel channel;

  private Joiner(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Without a certificate of its own. */
  static Joiner stranger() {
    return with(null);
  }

  static Joiner with(@Nullable PemFiles own) {
    try {
      TlsChannelCredentials.Builder credentials =
          TlsChannelCredentials.newBuilder().trustManager(TestDatabase.pki().authority().toFile());
      if (own != null) {
        credentials.keyManager(own.certificate().toFile(), own.key().toFile());
      }
      return new Joiner(
          Grpc.newChannelBuilderForAddress(
                  "localhost", TestDatabase.grpcPort(), credentials.build())
              .build());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  NodeEnrollmentBlockingStub stub() {
    return NodeEnrollmentGrpc.newBlockingStub(channel)
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  X509Certificate enrol(String region, String node, String token, byte[] csr) {
    return enrol(
        EnrollRequest.newBuilder()
            .setNodeName(node)
            .setRegion(region)
            .setJoinToken(token)
            .setCsr(ByteString.copyFrom(csr))
            .build());
  }

  X509Certificate enrolPod(String region, String node, String token, byte[] csr) {
    return enrol(
        EnrollRequest.newBuilder()
            .setNodeName(node)
            .setRegion(region)
            .setServiceAccountToken(token)
            .setCsr(ByteString.copyFrom(csr))
            .build());
  }

  /**
   * All tests knock from one address and in less time than its burst lasts for: told to come again
   * in a moment, they do, as a node does.
   */
  private X509Certificate enrol(EnrollRequest request) {
    for (int turnedAway = 0; ; turnedAway++) {
      try {
        return certificate(stub().enroll(request));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED
            || turnedAway == MAX_TURNED_AWAY) {
          throw e;
        }
        LockSupport.parkNanos(TURNED_AWAY_NANOS);
      }
    }
  }

  X509Certificate renew(byte[] csr) {
    return certificate(
        stub().renew(RenewRequest.newBuilder().setCsr(ByteString.copyFrom(csr)).build()));
  }

  private static X509Certificate certificate(NodeCertificate issued) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(issued.getChain(0).toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("what came is no certificate", e);
    }
  }

  static KeyPair keys() {
    return keys("EC", 256);
  }

  static KeyPair keys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] csr(KeyPair keys, String commonName) {
    return csr(keys, "CN=" + commonName, request -> {});
  }

  /** A request that asks for an extension, too. */
  static byte[] csr(
      KeyPair keys, String commonName, ASN1ObjectIdentifier extension, ASN1Encodable value) {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      extensions.addExtension(extension, false, value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return csr(
        keys,
        "CN=" + commonName,
        request ->
            request.addAttribute(
                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate()));
  }

  static byte[] csr(
      KeyPair keys, String subject, Consumer<PKCS10CertificationRequestBuilder> more) {
    try {
      PKCS10CertificationRequestBuilder request =
          new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic());
      more.accept(request);
      String algorithm =
          keys.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return request
          .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
          .getEncoded();
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As files, to connect with. */
  static PemFiles files(Path folder, X509Certificate certificate, KeyPair keys) {
    try {
      String name = certificate.getSerialNumber().toString(16);
      Path cert = folder.resolve(name + ".crt");
      Path key = folder.resolve(name + ".key");
      Files.writeString(cert, pem(certificate));
      Files.writeString(key, pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
      return new PemFiles(cert, key);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
