package dev.penstock.cli.pki;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.pki.CertificateAuthority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Makes what is missing or about to expire, and hands out the files.
 *
 * <p>A certificate is issued anew 30 days before its end; the root and the signing key stay, for
 * the nodes have pinned them.
 */
public final class DevelopmentPki {
  private static final Duration RENEW_BEFORE_END = Duration.ofDays(30);
  private static final Duration SOME_TIME = Duration.ofMinutes(1);

  private final Path folder;
  private final InstantSource clock;

  public DevelopmentPki(Path folder, InstantSource clock) {
    this.folder = OwnerOnly.folder(folder);
    this.clock = clock;
  }

  /** A certificate file and the file of its private key. */
  public record Identity(Path certificate, Path key) {}

  /** The key that signs snapshots, and the half of it that nodes check with. */
  public record SigningKey(Path privateKey, Path publicKey) {}

  /** The root certificate that everyone trusts. */
  public Path root() {
    authority();
    return folder.resolve("ca.crt");
  }

  /** The authority's own files, with which the control plane issues the nodes' certificates. */
  public Identity issuing() {
    authority();
    return files("ca");
  }

  /** Whether a file starts with a certificate of ours that is good for some time. */
  public boolean isGood(Path certificateFile) {
    if (!Files.isReadable(certificateFile)) {
      return false;
    }
    try {
      X509Certificate certificate = Pem.readCertificate(certificateFile);
      certificate.verify(authority().certificate().getPublicKey());
      return certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(SOME_TIME));
    } catch (GeneralSecurityException | IllegalStateException ofSomebodyElse) {
      return false;
    }
  }

  public Identity controlPlane() {
    Identity files = files("control-plane");
    if (isStale(files)) {
      List<GeneralName> names =
          List.of(
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
      write(files, authority().issueServer("control-plane", names, clock.instant()));
    }
    return files;
  }

  public Identity node(NodeName node) {
    Identity files = files("node-" + node);
    if (isStale(files)) {
      String uri = "spiffe://penstock/region/%s/node/%s".formatted(node.region(), node);
      List<GeneralName> names =
          List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
      write(files, authority().issueClient(node.toString(), names, clock.instant()));
    }
    return files;
  }

  public SigningKey snapshotSigning() {
    SigningKey files =
        new SigningKey(
            folder.resolve("snapshot-signing.key"), folder.resolve("snapshot-signing.pub"));
    if (!Files.exists(files.privateKey()) || !Files.exists(files.publicKey())) {
      try {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Pem.write(files.privateKey(), pair.getPrivate());
        Pem.write(files.publicKey(), pair.getPublic());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK has no Ed25519", e);
      }
    }
    return files;
  }

  private CertificateAuthority authority() {
    Identity files = files("ca");
    if (!exists(files)) {
      CertificateAuthority made = CertificateAuthority.create(clock.instant());
      write(files, new Issued(made.certificate(), made.key()));
      return made;
    }
    return new CertificateAuthority(
        Pem.readCertificate(files.certificate()), Pem.readPrivateKey(files.key(), "EC"));
  }

  private Identity files(String name) {
    return new Identity(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
  }

  private boolean isStale(Identity files) {
    if (!exists(files)) {
      return true;
    }
    return Pem.readCertificate(files.certificate())
        .getNotAfter()
        .toInstant()
        .isBefore(clock.instant().plus(RENEW_BEFORE_END));
  }

  private static boolean exists(Identity files) {
    return Files.exists(files.certificate()) && Files.exists(files.key());
  }

  private static void write(Identity files, Issued issued) {
    Pem.write(files.key(), issued.key());
    Pem.write(files.certificate(), issued.certificate());
  }
}
