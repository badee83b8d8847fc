package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.RecordedProvider.Call;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An OpenAI client whose model is at Azure OpenAI. */
class AzureProviderTest {

  /** Azure begins with what its filter says of the prompt, in a chunk without id and model. */
  private static final String STREAM =
      """
      data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}

      data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":null,"index":0}],"created":1,"id":"c1","model":"gpt-4o","object":"chat.completion.chunk","usage":null}

      data: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],"created":1,"id":"c1","model":"gpt-4o","object":"chat.completion.chunk","usage":null}

      data: [DONE]

      """;

  private final NodeTester node = new NodeTester();
  private final RecordedProvider azure = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    azure.close();
  }

  @Test
  void isCalledAtItsDeploymentWithItsVersionAndItsKeyHeader() throws Exception {
    node.provider("azure", NodeTester.REGION, "azure-openai", "2026-03-01-preview", azure.baseUrl())
        .modelAt("assistant", "azure", "gpt 4o/eu")
        .publish();
    azure.streams(STREAM);

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.body()).isEqualTo(STREAM);
    Call call = azure.onlyCall();
    assertThat(call.uri())
        .isEqualTo(
            "/openai/deployments/gpt%204o%2Feu/chat/completions?api-version=2026-03-01-preview");
    assertThat(call.headers())
        .containsEntry("api-key", NodeTester.PROVIDER_KEY)
        .doesNotContainKey("authorization");
  }
}
