package dev.penstock.dataplane.dialect;

/**
 * A placeholder in the place of a part of a text.
 *
 * @param from first character in the text
 * @param to after the last one
 * @param placeholder needs no escape in JSON
 */
public record Redaction(int from, int to, String placeholder) {}
