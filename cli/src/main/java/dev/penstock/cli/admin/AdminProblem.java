package dev.penstock.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The admin API said no, in the form of RFC 9457. */
public final class AdminProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String sentence;
  private final transient List<FieldFault> faults;

  /** One thing that is wrong, and where: {@code items[2].spec.parent}. */
  public record FieldFault(String field, String detail) {}

  AdminProblem(int status, JsonNode body) {
    this(status, sentence(status, body), body);
  }

  private AdminProblem(int status, String sentence, JsonNode body) {
    super(sentence);
    this.status = status;
    this.sentence = sentence;
    List<FieldFault> found = new ArrayList<>();
    for (JsonNode error : body.path("errors")) {
      found.add(new FieldFault(error.path("field").asText(), error.path("detail").asText()));
    }
    this.faults = List.copyOf(found);
  }

  /** What went wrong, for people. */
  public String sentence() {
    return sentence;
  }

  public int status() {
    return status;
  }

  public List<FieldFault> faults() {
    return faults;
  }

  private static String sentence(int status, JsonNode body) {
    String title = body.path("title").asText("");
    String detail = body.path("detail").asText("");
    if (title.isEmpty() && detail.isEmpty()) {
      return "the admin API answered " + status;
    }
    if (title.isEmpty() || detail.isEmpty()) {
      return title + detail;
    }
    return title + ": " + detail;
  }
}
