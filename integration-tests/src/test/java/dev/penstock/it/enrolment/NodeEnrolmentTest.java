package dev.penstock.it.enrolment;

import static dev.penstock.it.kit.PenstockTester.EU_NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.up.StackOptions.Tuning;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.OnStackOfItsOwn;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A house whose certificates live half a minute: its nodes joined by token and renew all the time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the last one throws a node out
@OnStackOfItsOwn
class NodeEnrolmentTest {

  private static final Map<String, String> SHORT_LIVED =
      Map.of("PENSTOCK_NODE_CERTIFICATE_LIFETIME", "30s");

  private PenstockTester tester;

  @BeforeAll
  void start() {
    tester =
        PenstockTester.start(
            "enrolment",
            options -> options.withTuning("control-plane", new Tuning(List.of(), SHORT_LIVED)));
  }

  @AfterAll
  void stop() {
    tester.close();
  }

  @Test
  @Order(1)
  void aNodeJoinsWithATokenAndKeepsKeyAndCertificateForItself() throws IOException {
    Path identity = tester.installation().nodeData(EU_NODE).resolve("identity.pem");
    String token = Files.readString(token()).strip();

    assertThat(origins()).contains("enrolled");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(identity)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(identity)).contains("BEGIN CERTIFICATE", "BEGIN PRIVATE KEY");
    assertThat(logs()).allSatisfy(log -> assertThat(log).doesNotContain(token, "PRIVATE KEY"));
    JsonNode used = tester.admin().get("join-tokens?node=" + EU_NODE).path("items").path(0);
    assertThat(used.path("redeemedBy").asText()).isEqualTo(EU_NODE);
  }

  @Test
  @Order(2)
  void aRunningStreamDoesNotNoticeThatTheCertificateIsRenewed() throws Exception {
    // Given
    Application application =
        tester.application().upstream("sim-n100-b24-d300000-t1000-g1").create();
    long before = renewals();

    // When
    HttpResponse<String> answer = application.stream(); // half a minute

    // Then
    Books.assertAllServed(List.of(answer));
    assertThat(renewals()).isGreaterThan(before);
    new Books(tester).assertRecordedOnce(application, List.of(Books.requestId(answer)));
    assertThat(tester.admin().node(EU_NODE).path("connected").asBoolean()).isTrue();
  }

  @Test
  @Order(3)
  void aNodeThatIsKilledComesBackWithTheCertificateOnItsDisk() throws Exception {
    // Given
    long enrolled = origins().filter("enrolled"::equals).count();
    tester.process(EU_NODE).kill();

    // When
    tester.startAgain(EU_NODE);

    // Then
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> tester.admin().node(EU_NODE).path("connected").asBoolean());
    assertThat(origins().filter("enrolled"::equals).count()).isEqualTo(enrolled);
  }

  @Test
  @Order(4)
  void aRevokedNodeServesOnSaysWhyItIsAloneAndComesBackWithATokenThatNamesIt() throws Exception {
    // Given
    Application application = tester.application().upstream("sim-n6-b24-d0-t0-g1").create();
    assertThat(application.stream().statusCode()).isEqualTo(200);

    // When
    int revoked =
        tester.admin().delete("nodes/" + EU_NODE + "/certificates?reason=test").statusCode();

    // Then
    assertThat(revoked).isEqualTo(204);
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() ->
            assertThat(tester.metrics(EU_NODE))
                .contains("penstock_session_down{reason=\"distrusted\"} 1"));
    assertThat(tester.admin().node(EU_NODE).path("connected").asBoolean()).isFalse();
    assertThat(Files.readString(tester.process(EU_NODE).spec().log())).contains("was revoked");
    assertThat(application.stream().statusCode()).isEqualTo(200);

    // When
    String token =
        tester
            .admin()
            .post("join-tokens", "{\"region\": \"eu-west\", \"node\": \"" + EU_NODE + "\"}")
            .path("token")
            .asText();
    OwnerOnly.write(token(), token + "\n");

    // Then
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .until(() -> tester.admin().node(EU_NODE).path("connected").asBoolean());
  }

  private Path token() {
    return tester.installation().secrets().resolve("join-token." + EU_NODE);
  }

  private long renewals() {
    return origins().filter("renewed"::equals).count();
  }

  private Stream<String> origins() {
    JsonNode items = tester.admin().get("nodes/" + EU_NODE + "/certificates").path("items");
    return items.findValuesAsText("origin").stream();
  }

  private List<String> logs() throws IOException {
    return List.of(
        Files.readString(tester.process(EU_NODE).spec().log()),
        Files.readString(tester.process("control-plane").spec().log()));
  }
}
