package dev.penstock.controlplane.openapi;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import dev.penstock.controlplane.manifest.Manifest;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/** The manifest of each kind, and a page of them. */
final class KindSchemas {

  private static final String NAME = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

  private KindSchemas() {}

  static String manifest(Kind kind) {
    return kind.label() + "Manifest";
  }

  static String list(Kind kind) {
    return kind.label() + "List";
  }

  private static String spec(Kind kind) {
    return kind.label() + "Spec";
  }

  static void describe(Components components) {
    for (Kind kind : Kind.values()) {
      components.addSchema(manifest(kind), manifestOf(kind, specOf(kind, components)));
      components.addSchema(list(kind), listOf(kind));
    }
  }

  private static Schema specOf(Kind kind, Components components) {
    String name = spec(kind);
    return components.getSchemas() != null && components.getSchemas().containsKey(name)
        ? Refs.schema(name)
        : object("The fields of the kind");
  }

  private static Schema manifestOf(Kind kind, Schema spec) {
    Schema metadata =
        object(kind.owner() == Owner.TENANT ? "`tenant` may be left out where the path has it" : "")
            .addProperty("name", text().pattern(NAME))
            .addRequired("name");
    if (kind.owner() == Owner.TENANT) {
      metadata.addProperty("tenant", text().pattern(NAME));
    }
    Schema manifest =
        object("Manifest of kind " + kind.label() + ", see docs/admins/manifests.md")
            .addProperty("apiVersion", text().enumeration(List.of(Manifest.API_VERSION)))
            .addProperty("kind", text().enumeration(List.of(kind.label())))
            .addProperty("metadata", metadata)
            .addProperty("spec", spec)
            .required(List.of("apiVersion", "kind", "metadata"));
    if (kind == Kind.API_KEY) {
      manifest.addProperty(
          "key",
          text().readOnly(true).description("The key itself: in the answer that made it, only"));
    }
    return manifest;
  }

  private static Schema listOf(Kind kind) {
    return object("")
        .addProperty(
            "items",
            OASFactory.createSchema().addType(SchemaType.ARRAY).items(Refs.schema(manifest(kind))))
        .addProperty(
            "nextCursor",
            text().addType(SchemaType.NULL).description("Sent back as `cursor`; null at the end"))
        .required(List.of("items", "nextCursor"));
  }

  private static Schema object(String description) {
    Schema object = OASFactory.createSchema().addType(SchemaType.OBJECT);
    return description.isEmpty() ? object : object.description(description);
  }

  private static Schema text() {
    return OASFactory.createSchema().addType(SchemaType.STRING);
  }
}
