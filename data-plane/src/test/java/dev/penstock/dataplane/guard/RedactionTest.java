package dev.penstock.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a request looks like: what is planted goes, and nothing else does. */
class RedactionTest {

  private static final List<BoundGuard> GUARDS =
      List.of(
          bound("acme", new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT)),
          bound(
              "acme-health",
              new Detector.Secrets(Action.REDACT),
              new Detector.Terms(List.of("project falcon"), Action.REDACT),
              new Detector.Matching("ACME-[0-9]{6}", Action.REDACT)));

  private static BoundGuard bound(String tenant, Detector... detectors) {
    return new BoundGuard(
        new GuardRef(tenant, "g", false),
        new Guard(tenant, "g", Set.of(Side.INPUT), List.of(detectors)));
  }

  @Property(tries = 2_000)
  void takesOutWhatIsPlantedAndLeavesEveryOtherByte(@ForAll Random random) {
    PlantedBody planted = PlantedBody.of(random);
    ChatRequest request = ChatRequest.read(Buffer.buffer(planted.body()));

    Screening screening = Screening.of(GUARDS, request);
    screening.redact(request);
    Buffer sent = request.forProvider("m");

    assertThat(sent.toString()).isEqualTo(planted.redacted());
    assertThat(request.bytes()).isEqualTo(sent.length());
    assertThat(new JsonObject(sent).getString("model")).isEqualTo("m");
    assertThat(Screening.of(GUARDS, ChatRequest.read(sent)).findings()).isEmpty();
  }

  @Property(tries = 500)
  void tellsOfWhatIsFoundAndNotWhatItIs(@ForAll Random random) {
    PlantedBody planted = PlantedBody.of(random);

    List<Finding> findings =
        Screening.of(GUARDS, ChatRequest.read(Buffer.buffer(planted.body()))).findings();

    assertThat(findings.stream().mapToInt(Finding::count).sum())
        .isGreaterThanOrEqualTo(planted.planted().size());
    for (Finding finding : findings) {
      for (String text : planted.planted()) {
        assertThat(finding.toString() + finding.reason()).doesNotContainIgnoringCase(text);
      }
    }
  }
}
