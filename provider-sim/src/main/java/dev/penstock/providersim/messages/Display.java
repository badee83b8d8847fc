package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.RequestFields;

/** What the client is to see of thoughts. */
enum Display {
  TEXT,
  /** Only their seal, with which they can be sent back. */
  OMITTED;

  static Display of(RequestFields request) {
    String asked = request.node("thinking").path("display").asText("");
    return asked.equals("omitted") ? OMITTED : TEXT;
  }

  String text(String thoughts) {
    return this == TEXT ? thoughts : "";
  }

  String seal(String thoughts) {
    return this == TEXT ? Signature.of(thoughts) : Signature.ofHidden(thoughts);
  }
}
