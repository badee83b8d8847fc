package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.dialect.Loss.Fate;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one table of what a translation cannot carry, and what becomes of it. {@code
 * docs/translation.md} is generated from it.
 */
public final class Losses {

  private static final List<Loss> TABLE = LossTable.rows();

  private Losses() {}

  /** All of it, by feature and then by dialect. */
  public static List<Loss> table() {
    return TABLE;
  }

  /**
   * The client's names of the fields that are dropped on the way to a model, sorted.
   *
   * @param traits the model's and its provider's
   * @param unsupported whether a request may lose what it should be refused for
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code unsupported_field} that
   *     names the client's field, where one changes what the model is asked
   */
  public static List<String> of(
      ModelRequest request, Dialect to, Set<Trait> traits, UnsupportedFields unsupported) {
    Map<Feature, String> used = new TreeMap<>(request.used());
    List<String> dropped = new ArrayList<>();
    for (Loss loss : TABLE) {
      String field = loss.to() == to ? used.get(loss.feature()) : null;
      if (field == null) {
        continue;
      }
      if (isRefused(loss.fate(), unsupported)) {
        throw Refusal.ofField(
                Code.UNSUPPORTED_FIELD,
                field,
                "The field %s cannot be carried to this model's provider: %s Leave it out, or ask for a model whose provider has it."
                    .formatted(field, loss.why()))
            .toException();
      }
      dropped.add(field);
    }
    if (traits.contains(Trait.NO_SAMPLING)) {
      dropped.addAll(sampling(request, unsupported));
    }
    return dropped.stream().distinct().sorted().toList();
  }

  /** What a model without sampling loses; the usual values are no loss. */
  private static List<String> sampling(ModelRequest request, UnsupportedFields unsupported) {
    List<String> unusual = request.sampling().unusual();
    if (!unusual.isEmpty() && isRefused(Fate.REFUSED, unsupported)) {
      String field = unusual.getFirst();
      throw Refusal.ofField(
              Code.UNSUPPORTED_FIELD,
              field,
              "The model takes no sampling parameters. Leave the field %s out, or ask for another model."
                  .formatted(field))
          .toException();
    }
    return unusual;
  }

  private static boolean isRefused(Fate fate, UnsupportedFields unsupported) {
    return switch (fate) {
      case REFUSED -> unsupported == UnsupportedFields.REFUSE;
      case ALWAYS_REFUSED -> true;
      case DROPPED -> false;
    };
  }
}
