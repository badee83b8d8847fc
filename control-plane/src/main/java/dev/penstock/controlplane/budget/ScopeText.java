package dev.penstock.controlplane.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import java.util.Map;
import java.util.Optional;

/**
 * A budget's scope as manifests write it: {@code {apiKey, subject, model, provider, tag: {app:
 * x}}}.
 */
public final class ScopeText {

  /** As long as a client id of the identity provider may be. */
  private static final int MAX_SUBJECT = 255;

  private ScopeText() {}

  static BudgetScope read(Spec scope) {
    Optional<String> subject = scope.text("subject");
    if (subject.isPresent() && subject.get().length() > MAX_SUBJECT) {
      scope.refuse("subject", "expected at most " + MAX_SUBJECT + " characters");
    }
    BudgetScope read =
        new BudgetScope(
            scope.name("apiKey"),
            subject,
            scope.name("model"),
            scope.name("provider"),
            readTag(scope));
    if (read.apiKey().isPresent() && subject.isPresent()) {
      scope.refuse("subject", "cannot stand beside apiKey: who asks with a key has no subject");
    }
    scope.end();
    return read;
  }

  private static Optional<Tag> readTag(Spec scope) {
    if (!scope.has("tag")) {
      return Optional.empty();
    }
    Map<String, String> tags = scope.tags("tag");
    if (tags.size() != 1) {
      scope.refuse("tag", "expected one tag with its value, such as {app: support}");
      return Optional.empty();
    }
    return tags.entrySet().stream().findFirst().map(tag -> new Tag(tag.getKey(), tag.getValue()));
  }

  /** What is not narrowed is left out. */
  public static ObjectNode write(BudgetScope scope) {
    return new SpecWriter()
        .text("apiKey", scope.apiKey())
        .text("subject", scope.subject())
        .text("model", scope.model())
        .text("provider", scope.provider())
        .tags("tag", scope.tag().map(tag -> Map.of(tag.name(), tag.value())).orElse(Map.of()))
        .done();
  }
}
