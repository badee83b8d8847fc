package dev.penstock.controlplane.enrolment;

import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.penstock.controlplane.fleet.TestNode;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestKubernetes;
import dev.penstock.controlplane.kit.TestPki;
import dev.penstock.controlplane.kit.TestPki.PemFiles;
import dev.penstock.proto.fleet.v1.ControlMessage.MessageCase;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes join, renew and are thrown out; attackers try the same. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class EnrolmentTest {

  private static final String REGION = "eu-west";
  private static final int SAN_URI = 6;

  @TempDir Path folder;

  private final UUID spoolId = UUID.randomUUID();
  private final String name = "join-" + spoolId.toString().substring(0, 8);
  private final TestPki pki = TestDatabase.pki();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void hangUp() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void aTokenAndARequestMakeACertificateForADayThatOpensASession() throws Exception {
    // Given
    KeyPair keys = Joiner.keys();

    // When
    X509Certificate issued = stranger().enrol(REGION, name, token(), Joiner.csr(keys, name));

    // Then
    assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(issued.getSubjectAlternativeNames())
        .containsExactly(List.of(SAN_URI, "spiffe://penstock/region/eu-west/node/" + name));
    assertThat(issued.getBasicConstraints()).isEqualTo(-1);
    assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(issued.getNotAfter().toInstant())
        .isCloseTo(Instant.now().plus(Duration.ofHours(24)), within(1, ChronoUnit.MINUTES));
    session(Joiner.files(folder, issued, keys)).sayHello().hear(MessageCase.WELCOME);
  }

  @Test
  void aTokenIsGoodOnce() {
    String token = token();
    stranger().enrol(REGION, name, token, csr(name));

    assertRefused(
        () -> stranger().enrol(REGION, name + "-b", token, csr(name + "-b")),
        Status.Code.UNAUTHENTICATED,
        "was used by node " + name);
  }

  @Test
  void ofManyThatUseATokenAtOnceOneJoins() throws Exception {
    // Given
    String token = token();
    List<Callable<Boolean>> attempts =
        IntStream.range(0, 8)
            .<Callable<Boolean>>mapToObj(each ->
                () -> {
                  String own = name + "-" + each;
                  try {
                    stranger().enrol(REGION, own, token, csr(own));
                    return true;
                  } catch (StatusRuntimeException refused) {
                    assertThat(refused.getStatus().getCode())
                        .isEqualTo(Status.Code.UNAUTHENTICATED);
                    return false;
                  }
                })
            .toList();

    // When
    List<Boolean> joined = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> attempt : pool.invokeAll(attempts)) {
        joined.add(attempt.get());
      }
    }

    // Then
    assertThat(joined).containsOnlyOnce(true);
  }

  @Test
  void refusesATokenWhoseTimeIsOver() throws SQLException {
    String token = token();
    age(token);

    assertRefused(
        () -> stranger().enrol(REGION, name, token, csr(name)),
        Status.Code.UNAUTHENTICATED,
        "expired at");
  }

  @Test
  void refusesATokenThatWasTakenBack() {
    JsonPath made = make("{\"region\": \"eu-west\"}");
    assertThat(delete("/join-tokens/" + made.getString("id")).statusCode()).isEqualTo(204);

    assertRefused(
        () -> stranger().enrol(REGION, name, made.getString("token"), csr(name)),
        Status.Code.UNAUTHENTICATED,
        "unknown");
  }

  @Test
  void refusesATokenWithAChangedSecret() {
    String token = token();
    char changed = token.charAt(30) == 'x' ? 'y' : 'x';
    String other = token.substring(0, 30) + changed + token.substring(31);

    assertRefused(
        () -> stranger().enrol(REGION, name, other, csr(name)),
        Status.Code.UNAUTHENTICATED,
        "unknown");
  }

  @Test
  void refusesATokenOfAnotherRegionOrNameAndKeepsItGood() {
    String token = token("{\"region\": \"eu-west\", \"node\": \"" + name + "\"}");

    assertRefused(
        () -> stranger().enrol("us-east", name, token, csr(name)),
        Status.Code.PERMISSION_DENIED,
        "is for region eu-west");
    assertRefused(
        () -> stranger().enrol(REGION, "eu-west-1", token, csr("eu-west-1")),
        Status.Code.PERMISSION_DENIED,
        "is for node " + name);
    assertThat(stranger().enrol(REGION, name, token, csr(name))).isNotNull();
  }

  @Test
  void aNameThatHasACertificateNeedsATokenThatNamesIt() {
    stranger().enrol(REGION, name, token(), csr(name));

    assertRefused(
        () -> stranger().enrol(REGION, name, token(), csr(name)),
        Status.Code.ALREADY_EXISTS,
        "\"node\": \"" + name + "\"");
    assertThat(stranger().enrol(REGION, name, named(REGION), csr(name))).isNotNull();
    assertRefused(
        () -> stranger().enrol("us-east", name, named("us-east"), csr(name)),
        Status.Code.ALREADY_EXISTS,
        "belongs to region eu-west");
  }

  static Stream<Arguments> dishonestRequests() {
    KeyPair keys = Joiner.keys();
    String node = "node-of-csr";
    byte[] good = Joiner.csr(keys, node);
    byte[] forged = good.clone();
    forged[forged.length - 5] ^= 1;
    GeneralNames elsewhere =
        new GeneralNames(
            new GeneralName(
                GeneralName.uniformResourceIdentifier,
                "spiffe://penstock/region/us-east/node/" + node));
    return Stream.of(
        Arguments.of("another name", Joiner.csr(keys, "eu-west-1")),
        Arguments.of("two names", Joiner.csr(keys, "CN=" + node + ",CN=eu-west-1", request -> {})),
        Arguments.of("a role of its own", Joiner.csr(keys, "CN=" + node + ",O=admins", r -> {})),
        Arguments.of(
            "another region", Joiner.csr(keys, node, Extension.subjectAlternativeName, elsewhere)),
        Arguments.of(
            "an authority",
            Joiner.csr(keys, node, Extension.basicConstraints, new BasicConstraints(true))),
        Arguments.of("an RSA key", Joiner.csr(Joiner.keys("RSA", 2048), node)),
        Arguments.of("P-521", Joiner.csr(Joiner.keys("EC", 521), node)),
        Arguments.of("a signature of nobody", forged),
        Arguments.of("nothing", new byte[0]),
        Arguments.of("noise", "-----BEGIN CERTIFICATE REQUEST-----".getBytes()),
        Arguments.of("nested sequences", nested()),
        Arguments.of("too much", new byte[5000]),
        Arguments.of("far too much", new byte[200_000]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dishonestRequests")
  void refusesARequestFor(String what, byte[] csr) {
    String own = "node-of-csr";
    String token = token("{\"region\": \"eu-west\", \"node\": \"" + own + "\"}");

    assertRefused(
        () -> stranger().enrol(REGION, own, token, csr), Status.Code.INVALID_ARGUMENT, "");
  }

  @Test
  void aRequestMayAskForTheNodesOwnName() throws Exception {
    GeneralNames own =
        new GeneralNames(
            new GeneralName(
                GeneralName.uniformResourceIdentifier,
                "spiffe://penstock/region/eu-west/node/" + name));

    X509Certificate issued =
        stranger()
            .enrol(
                REGION,
                name,
                token(),
                Joiner.csr(Joiner.keys("EC", 384), name, Extension.subjectAlternativeName, own));

    assertThat(issued.getSubjectAlternativeNames()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "penstock.fleet.v1.NodeSession/Connect",
        "penstock.fleet.v1.NodeEnrollment/Renew",
        "grpc.health.v1.Health/Check",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "penstock.fleet.v1.NodeEnrollment/enroll",
        "no.such.Service/Call"
      })
  void withoutACertificateNothingButEnrollIsServed(String method) {
    Joiner stranger = stranger();

    assertThatThrownBy(() -> call(stranger, method))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode())
                    .isIn(Status.Code.UNAUTHENTICATED, Status.Code.UNIMPLEMENTED));
  }

  @Test
  void refusesCertificatesThatAreOverOrOfSomebodyElse() {
    TestNode foreign = session(TestPki.create("Somebody else").node(REGION, name));
    TestNode namesake = session(TestPki.create("Penstock test authority").node(REGION, name));
    TestNode expired = session(pki.expired(REGION, name));
    TestNode elsewhere =
        keep(TestNode.connect(pki.authority(), pki.node(REGION, name), "us-east", name, spoolId));

    // A client does not even show a certificate of an authority that the server does not name.
    assertThat(foreign.sayHello().end()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(namesake.sayHello().end()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(expired.sayHello().end()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(elsewhere.sayHello().end()).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void endsASessionWhenItsCertificateDoes() {
    TestNode node = session(pki.until(REGION, name, Instant.now().plusSeconds(3)));
    node.sayHello().hear(MessageCase.WELCOME);

    assertThat(node.end()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(node.ended.join().getDescription()).contains("has expired");
  }

  @Test
  void renewsForTheSameNodeAndForNobodyElse() {
    // Given
    KeyPair first = Joiner.keys();
    X509Certificate issued = stranger().enrol(REGION, name, token(), Joiner.csr(first, name));
    PemFiles files = Joiner.files(folder, issued, first);
    KeyPair second = Joiner.keys();

    // When
    X509Certificate renewed = keep(Joiner.with(files)).renew(Joiner.csr(second, name));

    // Then
    assertThat(renewed.getSerialNumber()).isNotEqualTo(issued.getSerialNumber());
    session(Joiner.files(folder, renewed, second)).sayHello().hear(MessageCase.WELCOME);
    assertRefused(
        () -> keep(Joiner.with(files)).renew(csr("eu-west-1")),
        Status.Code.INVALID_ARGUMENT,
        "expected: CN=" + name);
    assertThat(certificates(name)).containsExactlyInAnyOrder("enrolled", "renewed");
  }

  @Test
  void doesNotRenewWithoutEnd() {
    KeyPair keys = Joiner.keys();
    X509Certificate issued = stranger().enrol(REGION, name, token(), Joiner.csr(keys, name));
    Joiner node = keep(Joiner.with(Joiner.files(folder, issued, keys)));
    for (int i = 1; i < NodeCertificates.MAX_PER_NODE; i++) {
      node.renew(csr(name));
    }

    assertRefused(() -> node.renew(csr(name)), Status.Code.RESOURCE_EXHAUSTED, "still good");
  }

  @Test
  void aRevokedNodeLosesItsSessionItsCertificatesAndItsTokens() {
    // Given
    KeyPair keys = Joiner.keys();
    X509Certificate issued = stranger().enrol(REGION, name, token(), Joiner.csr(keys, name));
    PemFiles files = Joiner.files(folder, issued, keys);
    TestNode node = session(files);
    node.sayHello().hear(MessageCase.WELCOME);
    String spare = token();

    // When
    assertThat(delete("/nodes/" + name + "/certificates?reason=stolen").statusCode())
        .isEqualTo(204);

    // Then
    assertThat(node.end()).isEqualTo(Status.Code.UNAUTHENTICATED);
    TestNode again = session(files);
    assertThat(again.sayHello().end()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(again.ended.join().getDescription()).contains("was revoked");
    assertRefused(
        () -> keep(Joiner.with(files)).renew(csr(name)),
        Status.Code.PERMISSION_DENIED,
        "was revoked");
    assertRefused(
        () -> stranger().enrol(REGION, name + "-b", spare, csr(name + "-b")),
        Status.Code.UNAUTHENTICATED,
        "unknown");
    assertRefused(
        () -> stranger().enrol(REGION, name, token(), csr(name)),
        Status.Code.PERMISSION_DENIED,
        "was revoked");
    JsonPath certificate = get("/nodes/" + name + "/certificates").jsonPath();
    assertThat(certificate.getString("items[0].reason")).isEqualTo("stolen");
    assertThat(certificate.getString("items[0].revokedBy")).isEqualTo("admin-token");
    assertThat(get("/nodes/" + name + "/certificates?origin=presented&sort=expiresAt").statusCode())
        .isEqualTo(200);
    assertThat(get("/nodes/" + name + "/certificates?colour=red").statusCode()).isEqualTo(400);
  }

  @Test
  void aRevokedNodeComesBackWithATokenThatNamesItButNotWithItsOldCertificate() {
    // Given
    KeyPair old = Joiner.keys();
    X509Certificate lost = stranger().enrol(REGION, name, token(), Joiner.csr(old, name));
    delete("/nodes/" + name + "/certificates");

    // When
    KeyPair keys = Joiner.keys();
    X509Certificate issued = stranger().enrol(REGION, name, named(REGION), Joiner.csr(keys, name));

    // Then
    session(Joiner.files(folder, issued, keys)).sayHello().hear(MessageCase.WELCOME);
    assertThat(session(Joiner.files(folder, lost, old)).sayHello().end())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void revokesANodeWhoseCertificateAnotherAuthorityHasIssued() {
    TestNode node = session(pki.node(REGION, name));
    node.sayHello().hear(MessageCase.WELCOME);
    assertThat(certificates(name)).containsExactly("presented");

    delete("/nodes/" + name + "/certificates");

    assertThat(node.end()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(session(pki.node(REGION, name)).sayHello().end())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void aPodOfTheRegionsServiceAccountIsTheNodeOfItsName() throws Exception {
    String token = TestKubernetes.token("penstock-enrolment", TestKubernetes.ACCOUNT, name);
    KeyPair keys = Joiner.keys();

    X509Certificate issued = stranger().enrolPod(REGION, name, token, Joiner.csr(keys, name));

    session(Joiner.files(folder, issued, keys)).sayHello().hear(MessageCase.WELCOME);
    assertThat(stranger().enrolPod(REGION, name, token, csr(name))).isNotNull();
  }

  static Stream<Arguments> foreignPods() {
    String meant = "penstock-enrolment";
    return Stream.of(
        Arguments.of("eu-west", "another-pod", meant, TestKubernetes.ACCOUNT, "PERMISSION_DENIED"),
        Arguments.of("eu-west", "", meant, "llm/default", "PERMISSION_DENIED"),
        Arguments.of("eu-west", "", meant, "other/penstock-node-eu-west", "PERMISSION_DENIED"),
        Arguments.of("us-east", "", meant, TestKubernetes.ACCOUNT, "PERMISSION_DENIED"),
        Arguments.of("eu-west", "", "vault", TestKubernetes.ACCOUNT, "UNAUTHENTICATED"));
  }

  @ParameterizedTest
  @MethodSource("foreignPods")
  void refusesPodsThatAreNotTheNode(
      String region, String pod, String audience, String account, Status.Code code) {
    String token = TestKubernetes.token(audience, account, pod.isEmpty() ? name : pod);

    assertRefused(() -> stranger().enrolPod(region, name, token, csr(name)), code, "");
  }

  @Test
  void aRevokedPodStaysOutUntilItIsLetInByName() {
    String token = TestKubernetes.token("penstock-enrolment", TestKubernetes.ACCOUNT, name);
    stranger().enrolPod(REGION, name, token, csr(name));
    delete("/nodes/" + name + "/certificates");

    assertRefused(
        () -> stranger().enrolPod(REGION, name, token, csr(name)),
        Status.Code.PERMISSION_DENIED,
        "was revoked");
    named(REGION);
    assertThat(stranger().enrolPod(REGION, name, token, csr(name))).isNotNull();
  }

  @Test
  void tellsAuditorsOfTokensEnrolmentAndRevocation() {
    String id = make("{\"region\": \"eu-west\"}").getString("id");
    delete("/join-tokens/" + id);
    String used = token();
    stranger().enrol(REGION, name, used, csr(name));
    delete("/nodes/" + name + "/certificates?reason=gone");

    assertThat(actions("JoinToken " + id)).containsExactly("delete", "create");
    assertThat(actions("Node " + name)).containsExactly("revoke");
    assertThat(get("/audit-events?actor=node " + name).jsonPath().getList("items.resource"))
        .singleElement()
        .asString()
        .startsWith("NodeCertificate " + name + "/");
  }

  @Test
  void showsATokenOnceAndKeepsOnlyAHash() throws SQLException {
    JsonPath made = make("{\"region\": \"eu-west\", \"expiresIn\": \"90s\"}");
    String token = made.getString("token");
    String secret = token.split("_")[3];

    assertThat(get("/join-tokens?limit=1000").asString())
        .contains(made.getString("id"))
        .doesNotContain(secret);
    assertThat(Instant.parse(made.getString("expiresAt"))).isBefore(Instant.now().plusSeconds(91));
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM usage.join_token t WHERE t::text LIKE '%" + secret + "%'")) {
      rows.next();
      assertThat(rows.getInt(1)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"region\": \"EU\"}",
        "{\"region\": \"eu-west\", \"node\": \"a/b\"}",
        "{\"region\": \"eu-west\", \"role\": \"admin\"}",
        "{\"region\": \"eu-west\", \"expiresIn\": \"11m\"}",
        "{\"region\": \"eu-west\", \"expiresIn\": 60}",
        "{\"region\": \"eu-west\", \"uses\": \"2\"}"
      })
  void refusesToMakeATokenFor(String body) {
    assertThat(post("/join-tokens", body).statusCode()).isEqualTo(422);
  }

  private static byte[] nested() {
    byte[] der = new byte[4000];
    for (int i = 0; i < der.length; i += 4) {
      der[i] = 0x30;
      der[i + 1] = (byte) 0x82;
      int rest = der.length - i - 4;
      der[i + 2] = (byte) (rest >> 8);
      der[i + 3] = (byte) rest;
    }
    return der;
  }

  private static void call(Joiner from, String method) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCalls.blockingUnaryCall(from.channel(), descriptor, CallOptions.DEFAULT, new byte[] {});
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }

  private static void assertRefused(Runnable call, Status.Code code, String sentence) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> {
              assertThat(refused.getStatus().getCode()).isEqualTo(code);
              assertThat(refused.getStatus().getDescription()).contains(sentence);
            });
  }

  private Joiner stranger() {
    return keep(Joiner.stranger());
  }

  private TestNode session(PemFiles own) {
    return keep(TestNode.connect(pki.authority(), own, REGION, name, spoolId));
  }

  private synchronized <T extends AutoCloseable> T keep(T each) {
    open.add(each);
    return each;
  }

  private static byte[] csr(String node) {
    return Joiner.csr(Joiner.keys(), node);
  }

  private String named(String region) {
    return token("{\"region\": \"" + region + "\", \"node\": \"" + name + "\"}");
  }

  private static String token() {
    return token("{\"region\": \"eu-west\"}");
  }

  private static String token(String body) {
    return make(body).getString("token");
  }

  private static JsonPath make(String body) {
    var answer = post("/join-tokens", body);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    return answer.jsonPath();
  }

  private static List<String> certificates(String node) {
    return get("/nodes/" + node + "/certificates").jsonPath().getList("items.origin");
  }

  private static List<String> actions(String resource) {
    return get("/audit-events?resource=" + resource).jsonPath().getList("items.action");
  }

  private static void age(String token) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE usage.join_token SET created_at = created_at - interval '11 minutes',"
              + " expires_at = expires_at - interval '11 minutes' WHERE id = '"
              + token.split("_")[2]
              + "'");
    }
  }
}
