package dev.penstock.dataplane.enrolment;

import com.google.protobuf.ByteString;
import dev.penstock.proto.fleet.v1.EnrollRequest;
import dev.penstock.proto.fleet.v1.NodeCertificate;
import dev.penstock.proto.fleet.v1.NodeEnrollmentGrpc;
import dev.penstock.proto.fleet.v1.RenewRequest;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The control plane's end of enrolment over real TLS: takes one token, and issues with the JDK's
 * own keytool, which reads requests by its own rules.
 */
final class IssuingServer extends NodeEnrollmentGrpc.NodeEnrollmentImplBase
    implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  /** A JVM that ends within a second compiles nothing twice. */
  private static final List<String> SHORT_LIVED =
      List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC");

  private static final String NODE = "spiffe://penstock/region/eu-west/node/eu-west-1";

  final List<String> tokens = new CopyOnWriteArrayList<>();
  volatile String accepted = "";

  private final Path dir;
  private final Server server;

  IssuingServer(Path dir) throws IOException, InterruptedException {
    this.dir = dir;
    keytool(
        "-genkeypair", "-keyalg", "EC", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc=ca:true");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "server",
        "-dname",
        "CN=server",
        "-ext",
        "san=dns:localhost",
        "-ext",
        "bc:critical=ca:true");
    export();
    server =
        Grpc.newServerBuilderForPort(
                0,
                TlsServerCredentials.newBuilder()
                    .keyManager(serverCert().toFile(), dir.resolve("server.key").toFile())
                    .trustManager(dir.resolve("ca.crt").toFile())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .build())
            .addService(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  Path serverCert() {
    return dir.resolve("server.crt");
  }

  @Override
  public void enroll(EnrollRequest request, StreamObserver<NodeCertificate> answer) {
    tokens.add(request.getJoinToken());
    if (!request.getJoinToken().equals(accepted)) {
      answer.onError(
          Status.UNAUTHENTICATED
              .withDescription("the join token expired: make another")
              .asRuntimeException());
      return;
    }
    issue(request.getCsr(), answer);
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<NodeCertificate> answer) {
    tokens.add("renewal");
    issue(request.getCsr(), answer);
  }

  private void issue(ByteString csr, StreamObserver<NodeCertificate> answer) {
    try {
      byte[] issued = issue(csr.toByteArray());
      answer.onNext(NodeCertificate.newBuilder().addChain(ByteString.copyFrom(issued)).build());
      answer.onCompleted();
    } catch (Exception e) { // whatever it is, the node hears of it
      answer.onError(Status.INVALID_ARGUMENT.withCause(e).asRuntimeException());
    }
  }

  private byte[] issue(byte[] csr) throws Exception {
    Path request = dir.resolve("request.pem");
    Path issued = dir.resolve("issued.pem");
    Files.writeString(request, pem("NEW CERTIFICATE REQUEST", csr));
    keytool(
        "-gencert",
        "-alias",
        "ca",
        "-infile",
        request.toString(),
        "-outfile",
        issued.toString(),
        "-rfc",
        "-validity",
        "1",
        "-ext",
        "san=uri:" + NODE);
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(issued)))
        .getEncoded();
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(SHORT_LIVED);
    command.addAll(Arrays.asList(arguments));
    command.addAll(
        List.of(
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            dir.resolve("issuing.p12").toString()));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes());
    if (keytool.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private void export() throws IOException {
    try (InputStream in = Files.newInputStream(dir.resolve("issuing.p12"))) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      for (String name : List.of("ca", "server")) {
        Files.writeString(
            dir.resolve(name + ".crt"), pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
      }
      Files.writeString(
          dir.resolve("server.key"),
          pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    } catch (java.security.GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
