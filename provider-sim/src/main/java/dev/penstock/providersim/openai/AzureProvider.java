package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Paths;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.Rejection;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * OpenAI's models at Azure: key in {@code api-key}, or an Entra token as bearer; the older paths
 * need an API version.
 */
public final class AzureProvider implements Provider {
  public static final String DEPLOYMENTS = "/openai/deployments/";
  private static final Pattern VERSION =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-preview)?|preview|latest|v1");

  /** The deployment that a path names. */
  public static String deployment(String path) {
    String rest = path.substring(DEPLOYMENTS.length());
    int slash = rest.indexOf('/');
    return Paths.decode(slash < 0 ? rest : rest.substring(0, slash));
  }

  @Override
  public String word() {
    return "azure";
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("api-key", "authorization");
  }

  /** Below {@code /openai/v1/} the version may be left out. */
  @Override
  public void checkHead(Head head) throws Rejection {
    String version = head.params().get("api-version");
    boolean optional = !head.path().startsWith(DEPLOYMENTS);
    if (version == null ? !optional : !VERSION.matcher(version).matches()) {
      throw Rejection.of(404, "Resource not found", null, "404");
    }
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of(
        "x-request-id", requestId, "apim-request-id", requestId, "x-ms-region", "Sim Central");
  }

  /** The gate before the models has shapes of its own: a code and a sentence. */
  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return switch (String.valueOf(complaint.code())) {
      case "invalid_api_key" ->
          gate(
              "401",
              "Access denied due to invalid subscription key or wrong API endpoint."
                  + " Make sure to provide a valid key for an active subscription.");
      case "model_not_found" ->
          gate("DeploymentNotFound", "The API deployment for this resource does not exist.");
      case "404" -> gate("404", "Resource not found");
      default -> Buffer.buffer(OpenAiErrors.body(complaint).toString());
    };
  }

  private static Buffer gate(String code, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error").put("code", code).put("message", message);
    return Buffer.buffer(body.toString());
  }

  @Override
  public ObjectNode model(String name) {
    return OpenAiModels.model(name);
  }
}
