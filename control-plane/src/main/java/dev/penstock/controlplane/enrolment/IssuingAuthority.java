package dev.penstock.controlplane.enrolment;

import dev.penstock.controlplane.ControlPlaneConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jboss.logging.Logger;

/**
 * Issues the nodes' certificates, where the installation has given it a certificate authority. What
 * a certificate says comes from here alone: of a request only the public key is used.
 */
@Singleton
public class IssuingAuthority {

  /** A node's clock may be a little behind; its certificate is good at once nevertheless. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  /** But never by so much of its life that it would be renewed at once. */
  private static final int BACKDATED_PART = 10;

  private static final Logger LOG = Logger.getLogger(IssuingAuthority.class);
  private static final int SERIAL_BITS = 127;
  private static final int HEX = 16;
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "Ed25519", "RSA");

  private final Optional<Issuer> issuer;
  private final Duration lifetime;
  private final SecureRandom random = new SecureRandom();

  /** A certificate with the chain that leads to what the planes trust. */
  private record Issuer(X509Certificate certificate, List<X509Certificate> above, PrivateKey key) {}

  /** What was issued: the node's certificate and those that are needed to verify it. */
  record Issued(PresentedCertificate certificate, List<byte[]> chain) {}

  @Inject
  IssuingAuthority(ControlPlaneConfig config) {
    lifetime = config.nodeCa().certificateLifetime();
    if (config.nodeCa().cert().isPresent() != config.nodeCa().key().isPresent()) {
      throw new IllegalStateException(
          "set both PENSTOCK_NODE_CA_CERT and PENSTOCK_NODE_CA_KEY, or neither");
    }
    issuer = config.nodeCa().cert().map(file -> issuer(file, config.nodeCa().key().orElseThrow()));
  }

  /** Made at the start, so that files that do not fit stop it. */
  void onStart(@Observes StartupEvent event) {
    if (isSetUp()) {
      // Loading what parses and signs takes longer than a handshake; the first node need not wait.
      Thread.ofPlatform().daemon().name("enrolment-warm-up").start(this::warmUp);
    }
  }

  /** Issues a certificate to nobody. */
  private void warmUp() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair nobody = generator.generateKeyPair();
      NodeIdentity identity = new NodeIdentity("nobody", "nowhere");
      byte[] request =
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Principal("CN=" + identity.name()), nobody.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(nobody.getPrivate()))
              .getEncoded();
      if (SigningRequest.read(request, identity) instanceof SigningRequest.Sound(PublicKey key)) {
        issue(identity, key, Instant.now());
      }
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      LOG.warnf("the first enrolment will take longer: %s", e.getMessage());
    }
  }

  /** Whether certificates are issued here at all. */
  boolean isSetUp() {
    return issuer.isPresent();
  }

  /** A certificate of a node for a public key. */
  Issued issue(NodeIdentity identity, PublicKey key, Instant now) {
    Issuer by = issuer.orElseThrow(() -> new IllegalStateException("no certificate authority"));
    Instant end = by.certificate().getNotAfter().toInstant();
    Instant expiresAt = now.plus(lifetime).isBefore(end) ? now.plus(lifetime) : end;
    Duration part = lifetime.dividedBy(BACKDATED_PART);
    Instant from = now.minus(part.compareTo(BACKDATED) < 0 ? part : BACKDATED);
    X509Certificate certificate = sign(by, identity, key, from, expiresAt);
    try {
      List<byte[]> chain = new java.util.ArrayList<>();
      chain.add(certificate.getEncoded());
      for (X509Certificate above : by.above()) {
        chain.add(above.getEncoded());
      }
      return new Issued(presented(identity, certificate), List.copyOf(chain));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate that cannot be encoded", impossible);
    }
  }

  /** How a certificate is known. */
  public static PresentedCertificate presented(NodeIdentity identity, X509Certificate certificate) {
    return new PresentedCertificate(
        identity,
        certificate.getIssuerX500Principal().getName(X500Principal.RFC2253),
        certificate.getSerialNumber().toString(HEX),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  private X509Certificate sign(
      Issuer by, NodeIdentity identity, PublicKey key, Instant from, Instant to) {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            by.certificate(),
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(from),
            Date.from(to),
            new X500Principal("O=Penstock,CN=" + identity.name()),
            key);
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri())))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              ids.createAuthorityKeyIdentifier(by.certificate()));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(signatureOf(by.key())).build(by.key())));
    } catch (CertIOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate for " + identity.name(), e);
    }
  }

  private static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }

  private static Issuer issuer(Path certificateFile, Path keyFile) {
    List<X509Certificate> chain = certificates(certificateFile);
    PrivateKey key = privateKey(keyFile);
    X509Certificate own = chain.getFirst();
    if (own.getBasicConstraints() < 0) {
      throw new IllegalStateException(
          "PENSTOCK_NODE_CA_CERT: the first certificate in the file is no authority's (CA:true)");
    }
    if (own.getNotAfter().toInstant().isBefore(Instant.now())) {
      throw new IllegalStateException(
          "PENSTOCK_NODE_CA_CERT: the authority's certificate ended at "
              + own.getNotAfter().toInstant());
    }
    requirePair(own, key);
    // A root is in the trust of both planes already; an authority below one has to be shown.
    boolean root = own.getSubjectX500Principal().equals(own.getIssuerX500Principal());
    return new Issuer(own, root ? List.of() : chain, key);
  }

  private static void requirePair(X509Certificate certificate, PrivateKey key) {
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(signatureOf(key));
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException otherKind) {
      // Falls through: a key of another kind is not this certificate's.
    }
    throw new IllegalStateException(
        "PENSTOCK_NODE_CA_KEY: the key is not that of the certificate in PENSTOCK_NODE_CA_CERT");
  }

  private static List<X509Certificate> certificates(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      List<X509Certificate> found = new java.util.ArrayList<>();
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        found.add((X509Certificate) each);
      }
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read PENSTOCK_NODE_CA_CERT", e);
    } catch (GeneralSecurityException malformed) {
      // Falls through to the same remedy as an empty file.
    }
    throw new IllegalStateException("PENSTOCK_NODE_CA_CERT holds no certificate in PEM form");
  }

  private static PrivateKey privateKey(Path file) {
    try {
      String base64 =
          Files.readString(file).replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\s", "");
      PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
      for (String algorithm : KEY_ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException ofAnotherKind) {
          // The next one.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read PENSTOCK_NODE_CA_KEY", e);
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      // No cause: its message may quote the file.
    }
    throw new IllegalStateException(
        "PENSTOCK_NODE_CA_KEY holds no PKCS#8 PEM key of EC, Ed25519 or RSA");
  }
}
