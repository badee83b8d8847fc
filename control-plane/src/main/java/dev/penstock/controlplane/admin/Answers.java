package dev.penstock.controlplane.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.digest.Sha256;
import dev.penstock.controlplane.idempotency.Answer;
import dev.penstock.controlplane.idempotency.Idempotency;
import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.revision.Plan;
import dev.penstock.controlplane.revision.ReadDesk.Shown;
import dev.penstock.controlplane.rollout.Rollouts;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How writes are answered. */
@Singleton
public class Answers {

  private static final String REVISION_HEADER = "x-penstock-revision";

  /** The rollout with which a write reaches the nodes, where it does not all at once. */
  private static final String ROLLOUT_HEADER = "x-penstock-rollout";

  /** A new key may be in an answer; no cache on the way has any business with that. */
  private static final String NO_STORE = "no-store";

  private final Idempotency idempotency;
  private final Rollouts rollouts;
  private final ObjectMapper json;

  Answers(Idempotency idempotency, Rollouts rollouts, ObjectMapper json) {
    this.idempotency = idempotency;
    this.rollouts = rollouts;
    this.json = json;
  }

  /** A request that may be sent again: who sends it, under which key, and all that it says. */
  public record Request(Optional<IdempotencyKey> key, Caller caller, String target, byte[] body) {

    /** A user may have any name, also that of the bootstrap token. */
    String callerName() {
      return caller.kind() + " " + caller.name();
    }

    byte[] hash() {
      return Sha256.of((target + "\0").getBytes(StandardCharsets.UTF_8), body);
    }
  }

  /** Writes and answers in one transaction: the answer shows what this write has made. */
  public Response write(Request request, Supplier<Answer> write) {
    Answer answer = idempotency.once(request.key(), request.callerName(), request.hash(), write);
    Response.ResponseBuilder response = Response.status(answer.status());
    answer.headers().forEach(response::header);
    return response.entity(answer.body()).build();
  }

  /** A resource as it now is. */
  Answer shown(int status, long revision, Shown shown) {
    Map<String, String> headers = revision(revision);
    headers.put(HttpHeaders.ETAG, shown.tag().header());
    headers.put(HttpHeaders.CACHE_CONTROL, NO_STORE);
    return new Answer(status, headers, shown.manifest());
  }

  /** What many manifests did. */
  Answer done(long revision, Object written) {
    Map<String, String> headers = revision(revision);
    headers.put(HttpHeaders.CACHE_CONTROL, NO_STORE);
    return new Answer(Response.Status.OK.getStatusCode(), headers, json.valueToTree(written));
  }

  /** Which revision a write made, and with which rollout it goes out. */
  Map<String, String> revision(long revision) {
    Map<String, String> headers = new TreeMap<>();
    headers.put(REVISION_HEADER, Long.toString(revision));
    rollouts
        .holding(revision)
        .ifPresent(rollout -> headers.put(ROLLOUT_HEADER, Long.toString(rollout)));
    return headers;
  }

  static Response planned(Plan plan) {
    return Response.ok(plan)
        .header(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .header(HttpHeaders.ETAG, plan.tag().header())
        .build();
  }
}
