package dev.penstock.dataplane.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Self-signed certificates from the JDK's own keytool; each side trusts the other's. */
record TestCertificates(Path serverCert, Path serverKey, Path nodeCert, Path nodeKey) {

  private static final char[] PASSWORD = "changeit".toCharArray();

  static TestCertificates make(Path dir) throws Exception {
    make(dir, "server", "dns:localhost,ip:127.0.0.1");
    make(dir, "node", "uri:spiffe://penstock/region/eu-west/node/eu-west-1");
    return new TestCertificates(
        dir.resolve("server.crt"),
        dir.resolve("server.key"),
        dir.resolve("node.crt"),
        dir.resolve("node.key"));
  }

  private static void make(Path dir, String name, String names) throws Exception {
    Path store = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + names,
                "-ext",
                "bc:critical=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes());
    if (keytool.waitFor() != 0) {
      throw new IOException(output);
    }
    export(dir, name, store);
  }

  private static void export(Path dir, String name, Path store)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write(dir.resolve(name + ".crt"), "CERTIFICATE", keys.getCertificate(name).getEncoded());
    write(dir.resolve(name + ".key"), "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded());
  }

  private static void write(Path file, String type, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(der), type));
  }
}
