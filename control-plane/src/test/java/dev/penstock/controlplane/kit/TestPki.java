package dev.penstock.controlplane.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
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
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority for one run of tests, and what it signs, as PEM files. */
public final class TestPki {

  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

  private static final String AUTHORITY_CERTIFICATE = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.der";
  private static final String AUTHORITY_PEM_KEY = "ca.key";

  private final Path folder;
  private final PrivateKey key;
  private final X500Name name;

  /** A certificate and its key, as PEM files. */
  public record PemFiles(Path certificate, Path key) {}

  private TestPki(Path folder, PrivateKey key, X500Name name) {
    this.folder = folder;
    this.key = key;
    this.name = name;
  }

  /**
   * A new authority whose files go to a folder of their own; it outlasts the certificates that are
   * issued for a day.
   */
  public static TestPki create(String commonName) {
    try {
      Path folder = Files.createTempDirectory("penstock-test-pki");
      KeyPair keys = newKeys();
      X500Name name = new X500Name("CN=" + commonName);
      TestPki pki = new TestPki(folder, keys.getPrivate(), name);
      pki.write(
          AUTHORITY_CERTIFICATE,
          pki.sign(name, keys.getPublic(), null, Instant.now().plus(Duration.ofDays(2))));
      Files.write(folder.resolve(AUTHORITY_KEY), keys.getPrivate().getEncoded());
      pki.write(AUTHORITY_PEM_KEY, new JcaPKCS8Generator(keys.getPrivate(), null));
      return pki;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority of a folder. */
  public static TestPki open(Path folder) {
    try (InputStream pem = Files.newInputStream(folder.resolve(AUTHORITY_CERTIFICATE))) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
      byte[] key = Files.readAllBytes(folder.resolve(AUTHORITY_KEY));
      return new TestPki(
          folder,
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
          new X500Name(certificate.getSubjectX500Principal().getName()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  /** The authority's own certificate. */
  public Path authority() {
    return folder.resolve(AUTHORITY_CERTIFICATE);
  }

  /** Its key, for a control plane that issues with it. */
  public Path authorityKey() {
    return folder.resolve(AUTHORITY_PEM_KEY);
  }

  /** For a server on this machine. */
  public PemFiles server() {
    return issue(
        "server",
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            }));
  }

  /** For a node. */
  public PemFiles node(String region, String node) {
    return issue(node, names(region, node));
  }

  private static GeneralNames names(String region, String node) {
    String uri = "spiffe://penstock/region/" + region + "/node/" + node;
    return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
  }

  /** For a node, once: it ended a minute ago. */
  public PemFiles expired(String region, String node) {
    return issue(node, names(region, node), Instant.now().minus(Duration.ofMinutes(1)));
  }

  /** For a node, and not for long. */
  public PemFiles until(String region, String node, Instant end) {
    return issue(node, names(region, node), end);
  }

  /** For somebody who is no node. */
  public PemFiles stranger() {
    return issue("stranger", new GeneralNames(new GeneralName(GeneralName.dNSName, "stranger")));
  }

  private PemFiles issue(String subject, GeneralNames names) {
    return issue(subject, names, Instant.now().plus(Duration.ofDays(1)));
  }

  private PemFiles issue(String subject, GeneralNames names, Instant end) {
    try {
      KeyPair own = newKeys();
      X509Certificate issued = sign(new X500Name("CN=" + subject), own.getPublic(), names, end);
      String file = subject + "-" + SERIAL.incrementAndGet();
      return new PemFiles(
          write(file + ".crt", issued),
          write(file + ".key", new JcaPKCS8Generator(own.getPrivate(), null)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      X500Name subject, PublicKey own, @Nullable GeneralNames names, Instant end)
      throws GeneralSecurityException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(end.minus(Duration.ofHours(25))),
            Date.from(end),
            subject,
            own);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(names == null));
      if (names != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private Path write(String file, Object object) {
    StringWriter text = new StringWriter();
    try {
      try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
        pem.writeObject(object);
      }
      return Files.writeString(folder.resolve(file), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
