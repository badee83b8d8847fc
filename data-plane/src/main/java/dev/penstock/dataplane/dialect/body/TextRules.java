package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonStreamContext;

/** What is a dialect's own about the texts of its requests. Holds nothing. */
public interface TextRules {

  /** Whether a field's name is the API's, which a path may show; others are the client's words. */
  boolean isKnown(String name);

  /**
   * Whether a member holds what nobody can search, such as an image.
   *
   * @param object that has the member
   */
  boolean isOpaque(JsonStreamContext object, String name);

  /**
   * Whether a string is a name that must not change and no text: a model's, or an id that ties a
   * tool's answer to its call.
   *
   * @param object that has the string, at its member
   */
  boolean isId(JsonStreamContext object);

  /**
   * Whether a string is data of something opaque: changing it would destroy it.
   *
   * @param object that has the string, at its member
   */
  boolean isInlineData(JsonStreamContext object, String text);
}
