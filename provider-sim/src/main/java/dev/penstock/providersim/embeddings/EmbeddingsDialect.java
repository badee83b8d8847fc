package dev.penstock.providersim.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.openai.AzureProvider;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import dev.penstock.providersim.script.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** {@code POST /v1/embeddings}; a script's faults are played, its words are not. */
public record EmbeddingsDialect(Provider provider, Style style) implements Dialect {
  private static final int MOST_INPUTS = 2_048;
  private static final int MOST_TOKENS = 8_192;
  private static final int MOST_DIMENSIONS = 3_072;

  /** Whose request it is. */
  public enum Style {
    OPENAI("dimensions", 1_536, Set.of("model", "input", "dimensions", "encoding_format", "user")),
    MISTRAL(
        "output_dimension",
        1_024,
        Set.of(
            "model", "input", "output_dimension", "output_dtype", "encoding_format", "metadata"));

    private final String dimensions;
    private final int usual;
    private final Set<String> known;

    Style(String dimensions, int usual, Set<String> known) {
      this.dimensions = dimensions;
      this.usual = usual;
      this.known = known;
    }
  }

  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    RequestFields request = RequestFields.parse(body).onlyKnown(style.known);
    String model =
        head.path().startsWith(AzureProvider.DEPLOYMENTS)
            ? AzureProvider.deployment(head.path())
            : request.needText("model");
    List<Input> inputs = inputs(request);
    int dimensions = (int) request.whole(style.dimensions, 1, MOST_DIMENSIONS).orElse(style.usual);
    request.mayBeOneOf("encoding_format", Set.of("float", "base64"));
    if (style == Style.MISTRAL) {
      request.mayBeOneOf("output_dtype", Set.of("float"));
    }
    Vectors.Encoding encoding =
        request.node("encoding_format").asText("float").equals("base64")
            ? Vectors.Encoding.BASE64
            : Vectors.Encoding.FLOAT;
    long tokens = inputs.stream().mapToLong(Input::tokens).sum();
    return new Asked(
        model,
        OptionalLong.empty(),
        tokens,
        new Asked.Whole(new Vectors(style, model, inputs, dimensions, encoding)));
  }

  @Override
  public List<Step> plays(List<Step> steps) {
    return Step.faults(steps);
  }

  private List<Input> inputs(RequestFields request) throws Rejection {
    JsonNode input = request.node("input");
    if (!request.has("input")) {
      throw request.missing("input");
    }
    List<Input> inputs = new ArrayList<>();
    if (input.isTextual() || isTokens(input)) {
      inputs.add(input(request, "input", input));
      return inputs;
    }
    if (!input.isArray() || input.isEmpty() || input.size() > MOST_INPUTS) {
      throw request.wrongValue("input", "a string or an array of 1 to " + MOST_INPUTS);
    }
    for (JsonNode one : input) {
      inputs.add(input(request, "input[" + inputs.size() + "]", one));
    }
    return inputs;
  }

  private Input input(RequestFields request, String place, JsonNode one) throws Rejection {
    boolean tokens = isTokens(one) && style == Style.OPENAI;
    if (!tokens && (!one.isTextual() || one.textValue().isEmpty())) {
      throw request.wrongValue(place, "a string that is not empty, or an array of tokens");
    }
    Input input =
        new Input(
            one.toString(),
            tokens ? one.size() : Asked.tokens(RequestFields.utf8(one.textValue())));
    if (input.tokens() > MOST_TOKENS) {
      throw Rejection.badRequest(
          "This model's maximum context length is " + MOST_TOKENS + " tokens.",
          request.at(place),
          "context_length_exceeded");
    }
    return input;
  }

  private static boolean isTokens(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      return false;
    }
    for (JsonNode token : node) {
      if (!token.isIntegralNumber() || token.longValue() < 0) {
        return false;
      }
    }
    return true;
  }
}
