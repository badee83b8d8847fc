package dev.penstock.dataplane.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Losses;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a client asks in words of no dialect, for providers that do not speak its own. Holds the
 * prompt, which {@link ModelRequest} does not show.
 */
public final class Translation {

  private static final int MAX_DEPTH = 200; // as far as a body has been read already

  private static final ObjectMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_DEPTH)
                      .maxStringLength(Integer.MAX_VALUE) // the body's own limit holds
                      .build())
              .build());

  private final ClientRequest request;
  private final Codec client;
  private final UnsupportedFields unsupported;
  private final ModelRequest asked;

  private Translation(ClientRequest request, Codec client, UnsupportedFields unsupported) {
    this.request = request;
    this.client = client;
    this.unsupported = unsupported;
    asked = decoded();
  }

  /**
   * Reads all of a request.
   *
   * @param client the codec of its dialect
   * @param unsupported whether it may lose what it should be refused for
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static Translation of(ClientRequest request, Codec client, UnsupportedFields unsupported) {
    return new Translation(request, client, unsupported);
  }

  /** With what guards have redacted, and without the client's id of a message. */
  private ModelRequest decoded() {
    return client
        .requests()
        .decode(tree(request.forProvider(request.model())))
        .withUsageAsked(request.usageAsked());
  }

  private static JsonNode tree(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException("the body has been read before", impossible);
    }
  }

  /**
   * The client's names of the fields that are dropped on the way to a model.
   *
   * @param traits the model's and its provider's
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code unsupported_field} that
   *     names the field, where one changes what the model is asked
   */
  public List<String> dropped(Dialect to, Set<Trait> traits) {
    return Losses.of(asked, to, traits, unsupported);
  }

  /**
   * The body for a provider, after guards have seen the request.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code unsupported_field} that
   *     names the client's field, where a value has no counterpart
   */
  public Buffer body(Target target) {
    ModelRequest request =
        target.traits().contains(Trait.NO_SAMPLING) ? decoded().withoutSampling() : decoded();
    return Codecs.of(target.dialect()).toProvider().encode(request, target);
  }

  /** Reads a provider's answer. */
  public AnswerDecoder decoder(Dialect from) {
    return Codecs.of(from).fromProvider();
  }

  /** Writes the answer for the client. */
  public AnswerEncoder encoder(String answerId, Instant askedAt) {
    return client.toClient(asked, answerId, askedAt);
  }

  /** What a provider finds fault with, for the client. */
  public Buffer providerError(ProviderError error, String requestId) {
    return client.providerError(error, requestId);
  }
}
