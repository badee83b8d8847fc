package dev.penstock.dataplane.enrolment;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A certificate of this node with the others that verify it, and its private key. */
record Credentials(List<X509Certificate> chain, PrivateKey key) {

  private static final int SAN_URI = 6;
  private static final String START_OF_KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String END_OF_KEY = "-----END PRIVATE KEY-----\n";

  Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain: empty (expected: at least the node's)");
    }
  }

  /**
   * What was issued for a key of ours.
   *
   * @throws GeneralSecurityException if it is not this node's, or not for this key
   */
  static Credentials of(List<byte[]> chain, PrivateKey key, String spiffeId)
      throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    for (byte[] der : chain) {
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return checked(certificates, key, spiffeId);
  }

  /** Reads what {@link #file} has written; empty where it is not this node's, or damaged. */
  static Optional<Credentials> read(byte[] file, String spiffeId) {
    String text = new String(file, StandardCharsets.US_ASCII);
    int split = text.indexOf(START_OF_KEY);
    if (split < 0 || !text.endsWith(END_OF_KEY)) {
      return Optional.empty();
    }
    String keyPem = text.substring(split);
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Base64.getMimeDecoder().decode(keyPem.replaceAll("-----[A-Z ]+-----", ""))));
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(
                      text.substring(0, split).getBytes(StandardCharsets.US_ASCII)));
      return Optional.of(
          checked(certificates.stream().map(X509Certificate.class::cast).toList(), key, spiffeId));
    } catch (GeneralSecurityException | IllegalArgumentException | ClassCastException damaged) {
      return Optional.empty();
    }
  }

  private static Credentials checked(List<X509Certificate> chain, PrivateKey key, String spiffeId)
      throws GeneralSecurityException {
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    X509Certificate own = chain.getFirst();
    Collection<List<?>> names = own.getSubjectAlternativeNames();
    if (names == null || !names.contains(List.of(SAN_URI, spiffeId))) {
      throw new GeneralSecurityException("a certificate of another node than " + spiffeId);
    }
    byte[] probe = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(own);
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("a certificate for another key");
    }
    return new Credentials(chain, key);
  }

  Instant expiresAt() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** The time at which a part of its life is over. */
  Instant at(double part) {
    Instant start = chain.getFirst().getNotBefore().toInstant();
    long life = Duration.between(start, expiresAt()).toMillis();
    return start.plusMillis((long) (life * part));
  }

  /** For the disk: both in one file, so that one never stands there without the other. */
  byte[] file() {
    Identity.Pem pem = pem();
    int split = pem.certificates().length;
    byte[] file = Arrays.copyOf(pem.certificates(), split + pem.key().length);
    System.arraycopy(pem.key(), 0, file, split, pem.key().length);
    return file;
  }

  Identity.Pem pem() {
    StringBuilder certificates = new StringBuilder();
    try {
      for (X509Certificate each : chain) {
        certificates.append(armoured("CERTIFICATE", each.getEncoded()));
      }
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate that cannot be encoded", impossible);
    }
    return new Identity.Pem(
        certificates.toString().getBytes(StandardCharsets.US_ASCII),
        armoured("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII));
  }

  private static String armoured(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }

  @Override
  public String toString() {
    return "Credentials[until " + expiresAt() + "]";
  }
}
