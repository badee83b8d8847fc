package dev.penstock.controlplane.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ManifestReader;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardLimits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What somebody tries: a guard that is stored nowhere, and a text. The text is nobody's business,
 * so no finding quotes it and {@link #toString} shows nothing of it.
 */
record TrialDraft(Guard guard, String text, int pieceLength) {

  static final int MAX_TEXT_BYTES = 64 * 1024;
  static final int MAX_PIECES = 16_384;
  private static final int MAX_PIECE_LENGTH = 1_000;
  private static final long USUAL_PIECE_LENGTH = 4; // of a token, roughly

  /** As a guard has to have a name to be read; no answer shows it. */
  private static final String NAME = "tried";

  /** Ends the request where something is wrong, with all that is. */
  static TrialDraft read(ManifestReader reader, Guards guards, String tenant, byte[] body) {
    Findings findings = new Findings();
    ObjectNode object = reader.readObject(body);
    Spec draft = Spec.of(object, findings);
    Optional<StatedGuard> stated =
        draft
            .object("spec")
            .map(spec -> guards.read(ResourceRef.ofTenant(Kind.GUARD, tenant, NAME), spec));
    if (!draft.has("spec")) {
      draft.refuse("spec", "is missing (expected: the spec of a guard)");
    }
    stated.ifPresent(guard -> checkSize(guard, findings));
    stated.ifPresent(guard -> refuseExternal(guard, findings));
    String text = text(draft, object);
    int pieceLength =
        draft.integer("pieceLength", 1, MAX_PIECE_LENGTH).orElse(USUAL_PIECE_LENGTH).intValue();
    int pieces = Math.ceilDiv(text.length(), pieceLength);
    if (pieces > MAX_PIECES) {
      draft.refuse(
          "pieceLength",
          "the text would come in %d pieces (expected: at most %d, so a pieceLength of %d or more)"
              .formatted(pieces, MAX_PIECES, Math.ceilDiv(text.length(), MAX_PIECES)));
    }
    draft.end();
    findings.refuseIfAny();
    return new TrialDraft(stated.orElseThrow().compile(), text, pieceLength);
  }

  private static void checkSize(StatedGuard guard, Findings findings) {
    if (guard.length() > GuardLimits.MAX_LENGTH_PER_TENANT) {
      findings.add(
          "spec.detectors",
          "terms and patterns have %d characters (expected: at most %d)"
              .formatted(guard.length(), GuardLimits.MAX_LENGTH_PER_TENANT));
    }
  }

  /** A trial sends the text to nobody, and without a verdict it could not tell what happens. */
  private static void refuseExternal(StatedGuard guard, Findings findings) {
    for (int i = 0; i < guard.detectors().size(); i++) {
      if (guard.detectors().get(i) instanceof Detector.Http) {
        findings.add(
            "spec.detectors[" + i + "].type", "a trial asks no external guard: leave it out");
      }
    }
  }

  private static String text(Spec draft, ObjectNode object) {
    if (!draft.has("text")) {
      draft.refuse("text", "is missing");
      return "";
    }
    JsonNode text = object.path("text");
    if (!text.isTextual()) {
      draft.refuse("text", "expected a text");
      return "";
    }
    String value = text.textValue();
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_TEXT_BYTES) {
      draft.refuse("text", "has %d bytes (expected: at most %d)".formatted(bytes, MAX_TEXT_BYTES));
      return "";
    }
    if (value.codePoints().anyMatch(TrialDraft::isHalfCharacter)) {
      draft.refuse("text", "expected a text without halves of characters (lone surrogates)");
      return "";
    }
    return value;
  }

  private static boolean isHalfCharacter(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @Override
  public String toString() {
    return "TrialDraft[%s, %d characters, %d a piece]".formatted(guard, text.length(), pieceLength);
  }
}
