package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Asked;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.translate.Translation;
import dev.penstock.dataplane.upstream.Protocol;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that can be asked what a client asks: in its own dialect, or in another one
 * without a loss that would change the question.
 *
 * @param translation there where a candidate speaks another dialect
 */
record Speaking(List<Candidate> candidates, Optional<Translation> translation) {

  /**
   * @param allowed not empty
   * @param unsupported what the model's route wants of fields that cannot be carried
   * @throws RefusedException where none is left, and says why
   */
  static Speaking of(
      Asked asked, ClientRequest request, List<Candidate> allowed, UnsupportedFields unsupported) {
    Endpoint endpoint = asked.endpoint();
    boolean direct =
        allowed.stream()
            .allMatch(each -> Protocol.of(each).dialectFor(endpoint) == endpoint.dialect());
    return direct
        ? new Speaking(allowed, Optional.empty())
        : new Search(asked, request, unsupported).among(allowed);
  }

  /** All that a translation depends on, but for the request. */
  private record Way(Dialect dialect, Set<Trait> traits) {}

  private static final class Search {

    private final Endpoint endpoint;
    private final Optional<Codec> codec;
    private final ClientRequest request;
    private final UnsupportedFields unsupported;
    private final Map<Way, Boolean> reachable = new HashMap<>();
    private @Nullable Translation translation;
    private @Nullable RefusedException obstacle;

    Search(Asked asked, ClientRequest request, UnsupportedFields unsupported) {
      endpoint = asked.endpoint();
      codec = endpoint.codec(asked);
      this.request = request;
      this.unsupported = unsupported;
    }

    Speaking among(List<Candidate> allowed) {
      List<Candidate> found = new ArrayList<>(allowed.size());
      for (Candidate candidate : allowed) {
        Protocol protocol = Protocol.of(candidate);
        Way way = new Way(protocol.dialectFor(endpoint), protocol.traits(candidate));
        if (reachable.computeIfAbsent(way, this::isReachable)) {
          found.add(candidate);
        }
      }
      if (found.isEmpty() && endpoint == Endpoint.COUNT_TOKENS) {
        return new Speaking(allowed, Optional.empty()); // none of them is asked
      }
      if (found.isEmpty()) {
        throw obstacle == null ? nobody(allowed) : obstacle;
      }
      return new Speaking(List.copyOf(found), Optional.ofNullable(translation));
    }

    private boolean isReachable(Way way) {
      if (way.dialect() == endpoint.dialect()) {
        return true;
      }
      if (codec.isEmpty() || !Codecs.all().containsKey(way.dialect())) {
        return false;
      }
      try {
        if (translation == null) {
          translation = Translation.of(request, codec.get(), unsupported);
        }
        translation.dropped(way.dialect(), way.traits());
        return true;
      } catch (RefusedException refused) {
        obstacle = request.lost(refused.refusal()).toException(); // another candidate may do
        return false;
      }
    }

    private RefusedException nobody(List<Candidate> allowed) {
      Set<String> protocols =
          allowed.stream()
              .map(candidate -> candidate.provider().protocol())
              .collect(Collectors.toCollection(TreeSet::new));
      return Refusal.ofField(
              Code.INVALID_REQUEST,
              "model",
              "The model's providers speak %s, and this gateway node cannot ask them what is asked at %s; ask for the model in its own dialect, or for another model."
                  .formatted(protocols, endpoint.path()))
          .toException();
    }
  }
}
