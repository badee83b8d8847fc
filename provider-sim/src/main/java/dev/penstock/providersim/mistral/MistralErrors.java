package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.Complaint.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Mistral's two errors: a list of details from the validation of fields, always with status 422,
 * and an object for everything else.
 */
final class MistralErrors {
  private static final int UNPROCESSABLE = 422;
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[\\]]+)");

  private MistralErrors() {}

  /** What Mistral says with a status where the request is not at fault in particular. */
  private record Usual(String message, String type, String code) {}

  static int status(Complaint complaint) {
    if (complaint.kind() != Kind.SENTENCE) {
      return UNPROCESSABLE;
    }
    return isUnknownModel(complaint) ? 400 : complaint.status();
  }

  static ObjectNode body(Complaint complaint) {
    return switch (complaint.kind()) {
      case UNKNOWN_FIELD -> detail("extra_forbidden", complaint, "Extra inputs are not permitted");
      case MISSING_FIELD -> detail("missing", complaint, "Field required");
      case WRONG_TYPE -> detail("type_error", complaint, "Input should be " + complaint.said());
      case WRONG_VALUE -> detail("value_error", complaint, "Input should be " + complaint.said());
      case SENTENCE -> object(complaint);
    };
  }

  /** Details name a place step by step, from the body on; the value itself is not repeated. */
  private static ObjectNode detail(String type, Complaint complaint, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode detail = body.putArray("detail").addObject().put("type", type);
    ArrayNode place = detail.putArray("loc").add("body");
    Matcher step = STEP.matcher(String.valueOf(complaint.param()));
    while (step.find()) {
      String index = step.group(1);
      if (index == null) {
        place.add(step.group(2));
      } else {
        place.add(Integer.parseInt(index));
      }
    }
    detail.put("msg", message);
    return body;
  }

  private static ObjectNode object(Complaint complaint) {
    Usual usual = usual(complaint);
    boolean own = complaint.said() != null && !isUnknownModel(complaint);
    return JsonNodeFactory.instance
        .objectNode()
        .put("object", "error")
        .put("message", own ? complaint.said() : usual.message())
        .put("type", Optional.ofNullable(complaint.type()).orElse(usual.type()))
        .putNull("param")
        .put("code", own && isNumber(complaint.code()) ? complaint.code() : usual.code())
        .put("raw_status_code", status(complaint));
  }

  private static boolean isUnknownModel(Complaint complaint) {
    return "model_not_found".equals(complaint.code());
  }

  /** The words that other providers have for codes are not Mistral's. */
  private static boolean isNumber(@Nullable String code) {
    return code != null && code.chars().allMatch(Character::isDigit);
  }

  private static Usual usual(Complaint complaint) {
    if (isUnknownModel(complaint)) {
      return new Usual("Invalid model", "invalid_model", "1500");
    }
    return switch (complaint.status()) {
      case 401 -> new Usual("Unauthorized", "unauthorized", "1900");
      case 402 -> new Usual("Payment required", "payment_required", "1920");
      case 403 -> new Usual("Forbidden", "forbidden", "1910");
      case 429 -> new Usual("Rate limit exceeded", "rate_limited", "1300");
      case 503 -> new Usual("Service unavailable", "service_unavailable", "3700");
      default ->
          complaint.status() < 500
              ? new Usual(
                  "Simulated status " + complaint.status() + ".", "invalid_request_error", "3000")
              : new Usual("Internal server error", "internal_server_error", "1000");
    };
  }
}
