package dev.penstock.controlplane.kit;

import static io.restassured.RestAssured.given;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Speaks to the admin API as its admin. */
public final class AdminClient {

  private AdminClient() {}

  /** A request with the admin's token. */
  public static RequestSpecification admin() {
    return bearer(ControlPlaneResource.ADMIN_TOKEN);
  }

  /** A request of somebody with a token of the identity provider. */
  public static RequestSpecification as(TestToken token) {
    return bearer(token.sign());
  }

  /** A request with this token. */
  public static RequestSpecification bearer(String token) {
    RestAssuredConfig config =
        RestAssuredConfig.config()
            .encoderConfig(
                EncoderConfig.encoderConfig()
                    .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                    .encodeContentTypeAs("application/yaml", io.restassured.http.ContentType.TEXT));
    return given().config(config).header("Authorization", "Bearer " + token).basePath("/api/v1");
  }

  public static Response apply(String yaml) {
    return admin().contentType("application/yaml").body(yaml).post("/apply");
  }

  public static Response plan(String yaml) {
    return admin().contentType("application/yaml").body(yaml).post("/plan");
  }

  public static Response post(String path, String json) {
    return admin().contentType("application/json").body(json).post(path);
  }

  /** Replaces what is there now. */
  public static Response put(String path, String json) {
    String tag = get(path).header("ETag");
    return put(path, json, tag == null ? "*" : tag);
  }

  /** Replaces what has been seen. */
  public static Response put(String path, String json, String ifMatch) {
    return admin().header("If-Match", ifMatch).contentType("application/json").body(json).put(path);
  }

  public static Response get(String path) {
    return admin().get(path);
  }

  public static Response delete(String path) {
    return admin().delete(path);
  }

  /** A company with two tenants, two regions, two providers: the start of many tests. */
  public static String company() {
    try (InputStream stream =
        Objects.requireNonNull(
            AdminClient.class.getResourceAsStream("/manifests/company.yaml"), "company.yaml")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
