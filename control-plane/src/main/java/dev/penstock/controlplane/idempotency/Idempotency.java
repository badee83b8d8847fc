package dev.penstock.controlplane.idempotency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.idempotency.FirstAnswers.First;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.secret.KeyedHashes;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Answers a repeated write with the first answer, instead of doing it again.
 *
 * <p>A refused write leaves no answer, because its transaction leaves nothing: its repetition is
 * judged anew. An API key or join token that the first answer showed is not kept, not even sealed:
 * the repetition says so instead.
 */
@Singleton
public class Idempotency {

  /** Says that nothing was done this time. */
  public static final String REPLAYED = "idempotency-replayed";

  private static final String KEYS = "keys";

  /** What is shown once, and what it is called. */
  private static final Map<String, String> SHOWN_ONCE =
      Map.of("key", "API key", "token", "join token");

  private final FirstAnswers answers;
  private final UnaryOperator<byte[]> keyed;

  Idempotency(FirstAnswers answers, KeyedHashes hashes) {
    this.answers = answers;
    keyed = hashes.of("idempotency");
  }

  /**
   * Does what is asked for, unless the caller has done it before under this key.
   *
   * @param hash of the whole request; what is kept of it is a keyed hash, as a request may hold a
   *     secret that could be guessed by its plain one
   */
  @Transactional
  public Answer once(
      Optional<IdempotencyKey> key, String caller, byte[] hash, Supplier<Answer> write) {
    if (key.isEmpty()) {
      return write.get();
    }
    byte[] fingerprint = keyed.apply(hash);
    if (!answers.reserve(caller, key.get(), fingerprint)) {
      return repeated(answers.find(caller, key.get()), fingerprint);
    }
    Answer answer = write.get();
    answers.keep(caller, key.get(), withoutKeys(answer));
    return answer;
  }

  private static Answer repeated(First first, byte[] fingerprint) {
    if (!MessageDigest.isEqual(first.fingerprint(), fingerprint)) {
      throw ProblemException.refused(
          List.of(
              new Finding(
                  IdempotencyKey.HEADER,
                  "has been used for another request within 24 hours: take a new key for a new"
                      + " request")));
    }
    Map<String, String> headers = new HashMap<>(first.answer().headers());
    headers.put(REPLAYED, "true");
    return new Answer(first.answer().status(), headers, first.answer().body());
  }

  private static Answer withoutKeys(Answer answer) {
    JsonNode body = answer.body().deepCopy();
    withhold(body);
    body.path(KEYS).forEach(Idempotency::withhold);
    return new Answer(answer.status(), answer.headers(), body);
  }

  private static void withhold(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    SHOWN_ONCE.forEach((field, what) -> {
      if (object.remove(field) != null) {
        object.put(
            field + "Withheld",
            "shown once, in the first answer; if that was lost, delete this "
                + what
                + " and make another");
      }
    });
  }

  @Scheduled(every = "1h", delayed = "10m")
  @Transactional
  void forgetOldAnswers() {
    answers.forgetOld();
  }
}
