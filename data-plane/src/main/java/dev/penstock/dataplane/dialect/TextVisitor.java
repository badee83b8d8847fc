package dev.penstock.dataplane.dialect;

/** Is shown everything in a request that a model may see. */
public interface TextVisitor {

  /**
   * A text, decoded: an escape is no way to hide one.
   *
   * @param place valid during the call
   */
  void text(Place place, String text);

  /**
   * Something whose text nobody can see here: an image, sound, a file.
   *
   * @param place valid during the call
   */
  void opaque(Place place);

  /** Where in the request something stands. */
  interface Place {

    /**
     * Such as {@code messages[2].content}; as far as its names are the API's, since the others are
     * the client's own words. Empty where not even the first one is.
     */
    String path();

    /**
     * Whether a part of the text can be replaced; a name cannot, as it would name another thing.
     */
    boolean isValue();

    /** Where in the body the text begins, with its quote. */
    int start();
  }
}
