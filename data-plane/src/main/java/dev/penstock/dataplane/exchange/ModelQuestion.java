package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.admission.Admission;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Governed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Which models there are, or whether there is one. A model that the caller may not use does not
 * exist here.
 *
 * @param like whose dialect the client speaks
 * @param model the one that is asked for; empty: all
 */
record ModelQuestion(Endpoint like, Optional<String> model) {

  private static final String PATH = "/v1/models";
  private static final String MISTRAL = "/mistral";

  /** What a GET asks, if it asks for models. */
  static Optional<ModelQuestion> in(HttpServerRequest request) {
    Endpoint like = Endpoint.like(request);
    String path = request.path();
    if (path == null) {
      return Optional.empty();
    }
    String below = path.startsWith(MISTRAL + PATH) ? path.substring(MISTRAL.length()) : path;
    if (below.equals(PATH)) {
      return Optional.of(new ModelQuestion(like, Optional.empty()));
    }
    return below.startsWith(PATH + "/")
        ? Optional.of(new ModelQuestion(like, Optional.of(below.substring(PATH.length() + 1))))
        : Optional.empty();
  }

  /**
   * The answer as JSON.
   *
   * @throws RefusedException where there is no such model
   */
  Buffer answer(Governed governed) {
    ModelList list = ModelList.of(like.dialect());
    if (model.isEmpty()) {
      return list.all(Admission.usableModels(governed));
    }
    if (!Admission.isUsable(governed, model.get())) {
      throw Refusal.ofField(
              Code.MODEL_NOT_FOUND,
              "model",
              "There is no model of this name; GET /v1/models lists those that the key may use.")
          .toException();
    }
    return list.one(model.get());
  }
}
