package dev.penstock.cli.pki;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.pki.DevelopmentPki.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentPkiTest {
  private static final NodeName NODE = new NodeName("eu-west", 1);
  private static final int URI = 6;
  private static final int DNS = 2;
  private static final int IP = 7;

  @TempDir Path folder;

  @Test
  void givesANodeItsNameAsAUri() throws Exception {
    DevelopmentPki pki = new DevelopmentPki(folder, InstantSource.system());

    X509Certificate certificate = Pem.readCertificate(pki.node(NODE).certificate());

    assertTrusted(pki, certificate);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(URI, "spiffe://penstock/region/eu-west/node/eu-west-1"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().toString())
        .contains("secp256r1");
  }

  @Test
  void givesTheControlPlaneTheLocalNames() throws Exception {
    DevelopmentPki pki = new DevelopmentPki(folder, InstantSource.system());

    X509Certificate certificate = Pem.readCertificate(pki.controlPlane().certificate());

    assertTrusted(pki, certificate);
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(DNS, "localhost"), List.of(IP, "127.0.0.1"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void givesEveryCertificateItsOwnKey() throws Exception {
    Identity identity = new DevelopmentPki(folder, InstantSource.system()).node(NODE);
    PublicKey half = Pem.readCertificate(identity.certificate()).getPublicKey();
    PrivateKey other = Pem.readPrivateKey(identity.key(), "EC");

    assertThat(verifies("SHA256withECDSA", other, half)).isTrue();
  }

  @Test
  void isNotTrustedByAnotherRoot() {
    DevelopmentPki ours = new DevelopmentPki(folder.resolve("a"), InstantSource.system());
    DevelopmentPki theirs = new DevelopmentPki(folder.resolve("b"), InstantSource.system());
    X509Certificate certificate = Pem.readCertificate(theirs.node(NODE).certificate());

    assertThatThrownBy(() -> assertTrusted(ours, certificate)).hasMessageContaining("Path");
  }

  @Test
  void signsSnapshotsWithAKeyThatItsPublicHalfChecks() throws Exception {
    DevelopmentPki pki = new DevelopmentPki(folder, InstantSource.system());
    DevelopmentPki.SigningKey files = pki.snapshotSigning();
    String body = Files.readString(files.publicKey()).replaceAll("-----.*-----", "");
    PublicKey half =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));

    assertThat(verifies("Ed25519", Pem.readPrivateKey(files.privateKey(), "Ed25519"), half))
        .isTrue();
  }

  @Test
  void keepsWhatItMadeAndRenewsInTime() throws Exception {
    Instant start = Instant.now();
    DevelopmentPki first = new DevelopmentPki(folder, InstantSource.fixed(start));
    byte[] root = Files.readAllBytes(first.root());
    byte[] node = Files.readAllBytes(first.node(NODE).certificate());

    DevelopmentPki soon =
        new DevelopmentPki(folder, InstantSource.fixed(start.plus(Duration.ofDays(300))));
    assertThat(soon.node(NODE).certificate()).hasBinaryContent(node);

    DevelopmentPki late =
        new DevelopmentPki(folder, InstantSource.fixed(start.plus(Duration.ofDays(340))));
    assertThat(Files.readAllBytes(late.node(NODE).certificate())).isNotEqualTo(node);
    assertThat(late.root()).hasBinaryContent(root);
  }

  @Test
  void keepsEverythingForItsOwner() throws Exception {
    DevelopmentPki pki = new DevelopmentPki(folder, InstantSource.system());
    pki.node(NODE);
    pki.controlPlane();
    pki.snapshotSigning();

    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo("rw-------");
      }
    }
  }

  private static void assertTrusted(DevelopmentPki pki, X509Certificate certificate)
      throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(Pem.readCertificate(pki.root()), null)));
    parameters.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
            parameters);
  }

  private static boolean verifies(String algorithm, PrivateKey key, PublicKey half)
      throws Exception {
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update("a snapshot".getBytes(UTF_8));
    Signature checking = Signature.getInstance(algorithm);
    checking.initVerify(half);
    checking.update("a snapshot".getBytes(UTF_8));
    return checking.verify(signing.sign());
  }
}
