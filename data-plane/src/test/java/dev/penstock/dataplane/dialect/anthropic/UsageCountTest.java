package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageCountTest {

  private static final JsonFactory JSON = new JsonFactory();

  private final UsageCount usage = new UsageCount();

  @Test
  void tellsACacheThatIsKeptForAnHourFromOneOfFiveMinutes() throws IOException {
    usage.start(null);
    read(
        """
        {"input_tokens":10,"cache_read_input_tokens":20,"cache_creation_input_tokens":30,
         "cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":25},
         "output_tokens":7,"output_tokens_details":{"thinking_tokens":3}}
        """);

    assertThat(usage.tokens()).contains(new Tokens(60, 20, 5, 25, 0, 7, 3, 0));
  }

  @Test
  void whatALaterEventLeavesOutStays() throws IOException {
    usage.start(new Tokens(60, 20, 5, 25, 0, 1, 0, 0));
    read("{\"output_tokens\":9}");

    assertThat(usage.tokens()).contains(new Tokens(60, 20, 5, 25, 0, 9, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input_tokens\":1,\"output_tokens\":-1}",
        "{\"input_tokens\":1,\"output_tokens\":1,\"cache_creation\":{\"ephemeral_1h_input_tokens\":1}}",
        "{\"input_tokens\":1,\"output_tokens\":1,\"output_tokens_details\":{\"thinking_tokens\":2}}"
      })
  void believesNoCountThatCannotBe(String stated) throws IOException {
    usage.start(null);
    read(stated);

    assertThat(usage.tokens()).isEqualTo(Optional.empty());
  }

  private void read(String stated) throws IOException {
    try (JsonParser json = JSON.createParser(stated)) {
      json.nextToken();
      usage.read(json);
    }
  }
}
