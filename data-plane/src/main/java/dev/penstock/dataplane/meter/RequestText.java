package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.TextVisitor;

/** Counts the tokens of a request, by all that a model may see of it. */
final class RequestText implements TextVisitor {

  private static final int MAX_SAMPLE_BYTES = 16 * 1024;

  /** For what stands around a text: a message's frame, types and punctuation of a tool's schema. */
  private static final long TOKENS_AROUND_A_TEXT = 4;

  /** What an image of usual size costs; nobody here can see how large one is. */
  private static final long TOKENS_OF_AN_IMAGE = 1_600;

  private final TextSample sample = new TextSample(MAX_SAMPLE_BYTES);
  private long texts;
  private long images;

  private RequestText() {}

  /**
   * Takes time in proportion to the request, milliseconds for one of a megabyte: not on an event
   * loop.
   *
   * @return never more than the request has bytes, which is what a hold was made for
   */
  static long tokens(ClientRequest request, Tokenizer tokenizer) {
    RequestText text = new RequestText();
    request.visit(text);
    long tokens =
        tokenizer.count(text.sample)
            + text.texts * TOKENS_AROUND_A_TEXT
            + text.images * TOKENS_OF_AN_IMAGE;
    return Math.min(tokens, request.bytes());
  }

  @Override
  public void text(Place place, String text) {
    texts++;
    sample.add(text);
  }

  @Override
  public void opaque(Place place) {
    images++;
  }
}
