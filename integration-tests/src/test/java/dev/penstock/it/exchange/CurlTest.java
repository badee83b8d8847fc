package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Repository;
import dev.penstock.it.kit.SharedStack;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A shell, with curl. */
@ExtendWith(SharedStack.class)
class CurlTest {
  private static final Pattern REQUEST_ID =
      Pattern.compile("(?im)^x-penstock-request-id: ([0-9a-f-]{36})\\s*$");

  private final PenstockTester tester;

  CurlTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void streams() {
    // Given
    Application application = tester.application().create();

    // When
    Command curl =
        Command.run(
            Repository.root(),
            Map.of(),
            List.of(
                "curl",
                "-sS",
                "-N",
                "-i",
                application.baseUrl() + "/chat/completions",
                "-H",
                "Authorization: Bearer " + application.key(),
                "-H",
                "Content-Type: application/json",
                "-d",
                application.streamBody()));

    // Then
    assertThat(curl.exitCode()).as(curl.output()).isZero();
    assertThat(curl.output().replace("\r", ""))
        .startsWith("HTTP/1.1 200 OK\n")
        .contains("content-type: text/event-stream")
        .contains("\"content\":\"0000004 ")
        .endsWith("data: [DONE]\n\n");
    Matcher id = REQUEST_ID.matcher(curl.output());
    assertThat(id.find()).isTrue();
    JsonNode record = tester.admin().record(id.group(1));
    assertThat(record.path("tenant").asText()).isEqualTo(application.tenant());
  }
}
