package dev.penstock.controlplane.openapi;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;

/** References into the components of the description. */
final class Refs {

  static final String REVISION = "x-penstock-revision";
  static final String ROLLOUT = "x-penstock-rollout";

  private Refs() {}

  static Schema schema(String name) {
    return OASFactory.createSchema().ref("#/components/schemas/" + name);
  }

  static Content json(String schema) {
    return content("application/json", schema);
  }

  static Content content(String mediaType, String schema) {
    return OASFactory.createContent()
        .addMediaType(mediaType, OASFactory.createMediaType().schema(schema(schema)));
  }
}
