package dev.penstock.controlplane.enrolment;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A PKCS#10 request that asks for what a node may have: it proves possession of an EC key, and
 * names at most the node itself. One that asks for anything else is refused rather than trimmed, so
 * that nobody believes to have got it.
 */
sealed interface SigningRequest {

  int MAX_BYTES = 4096;

  /** A request that may be granted. */
  record Sound(PublicKey key) implements SigningRequest {
    public Sound {
      Objects.requireNonNull(key, "key");
    }
  }

  /**
   * One that may not.
   *
   * @param reason what is wrong; quotes nothing of the request
   */
  record Unsound(String reason) implements SigningRequest {}

  /** Reads a node's request. */
  static SigningRequest read(byte[] der, NodeIdentity identity) {
    if (der.length == 0 || der.length > MAX_BYTES) {
      return new Unsound("csr: %d bytes (expected: 1 to %d)".formatted(der.length, MAX_BYTES));
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      return Judge.objection(request, key, identity)
          .<SigningRequest>map(Unsound::new)
          .orElseGet(() -> new Sound(key));
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException malformed) { // the parser throws whatever it stumbles over
      return new Unsound("csr: not a PKCS#10 request in DER form");
    }
  }

  /** What may stand in a request. */
  final class Judge {

    /** Sizes of the fields of P-256 and P-384. */
    private static final Set<Integer> CURVE_BITS = Set.of(256, 384);

    private Judge() {}

    private static Optional<String> objection(
        JcaPKCS10CertificationRequest request, PublicKey key, NodeIdentity identity)
        throws OperatorCreationException, PKCSException {
      if (!(key instanceof ECPublicKey ec)
          || !CURVE_BITS.contains(ec.getParams().getCurve().getField().getFieldSize())) {
        return Optional.of("csr: its key is not EC on P-256 or P-384");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        return Optional.of("csr: not signed with its own key");
      }
      if (!Arrays.stream(request.getSubject().getRDNs()).allMatch(part -> names(part, identity))) {
        return Optional.of(
            "csr: its subject is not the node's name (expected: CN=" + identity.name() + ")");
      }
      if (!asksForNothingElse(request, identity)) {
        return Optional.of("csr: asks for more than the name " + identity.uri());
      }
      return Optional.empty();
    }

    private static boolean names(RDN part, NodeIdentity identity) {
      return !part.isMultiValued()
          && BCStyle.CN.equals(part.getFirst().getType())
          && identity.name().equals(IETFUtils.valueToString(part.getFirst().getValue()));
    }

    private static boolean asksForNothingElse(
        JcaPKCS10CertificationRequest request, NodeIdentity identity) {
      for (Attribute attribute : request.getAttributes()) {
        if (!PKCSObjectIdentifiers.pkcs_9_at_extensionRequest.equals(attribute.getAttrType())) {
          return false;
        }
      }
      Extensions extensions = request.getRequestedExtensions();
      if (extensions == null) {
        return request.getAttributes().length == 0;
      }
      GeneralNames own =
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()));
      return List.of(extensions.getExtensionOIDs())
              .equals(List.of(Extension.subjectAlternativeName))
          && own.equals(GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName));
    }
  }
}
