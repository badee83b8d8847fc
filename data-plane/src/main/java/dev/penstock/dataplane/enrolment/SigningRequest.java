package dev.penstock.dataplane.enrolment;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import javax.security.auth.x500.X500Principal;

/**
 * A PKCS#10 request (RFC 2986), which the JDK can read and not make: the node's name and public
 * key, signed with its private key. It asks for nothing; what the certificate says is the control
 * plane's to say.
 */
final class SigningRequest {

  private static final int SEQUENCE = 0x30;
  private static final int BIT_STRING = 0x03;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final byte[] NO_ATTRIBUTES = {(byte) 0xA0, 0x00};

  /** AlgorithmIdentifier ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
  private static final byte[] ECDSA_SHA256 = {
    0x30, 0x0A, 0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02
  };

  private static final int SHORT_FORM = 128;
  private static final int BYTE = 256;

  private SigningRequest() {}

  /** A request for a node's key, DER. */
  static byte[] of(KeyPair keys, String nodeName) {
    byte[] asked =
        tagged(
            SEQUENCE,
            VERSION_0,
            new X500Principal("CN=" + nodeName).getEncoded(),
            keys.getPublic().getEncoded(),
            NO_ATTRIBUTES);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(asked);
      byte[] noUnusedBits = {0};
      return tagged(
          SEQUENCE, asked, ECDSA_SHA256, tagged(BIT_STRING, noUnusedBits, signature.sign()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has SHA256withECDSA", impossible);
    }
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream der = new ByteArrayOutputStream(length + 4);
    der.write(tag);
    if (length < SHORT_FORM) {
      der.write(length);
    } else if (length < BYTE) {
      der.write(0x81);
      der.write(length);
    } else {
      der.write(0x82);
      der.write(length / BYTE);
      der.write(length % BYTE);
    }
    for (byte[] part : parts) {
      der.writeBytes(part);
    }
    return der.toByteArray();
  }
}
