package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.providersim.SimClient.Answered;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoorsTest {
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,openai-chat",
    "/v1/responses,openai-responses",
    "/v1/embeddings,openai-embeddings",
    "/v1/messages,anthropic-messages",
    "/v1/messages/count_tokens,anthropic-count-tokens",
    "/mistral/v1/chat/completions,mistral-chat",
    "/mistral/v1/embeddings,mistral-embeddings",
    "/vllm/v1/chat/completions,vllm-chat",
    "/vllm/v1/embeddings,vllm-embeddings",
    "/older-vllm/v1/chat/completions,older-vllm-chat",
    "/openai/v1/chat/completions,azure-chat",
    "/openai/v1/responses,azure-responses",
    "/openai/v1/embeddings,azure-embeddings",
    "/openai/deployments/sim/chat/completions?api-version=2024-10-21,azure-chat",
    "/openai/deployments/sim/embeddings?api-version=2024-10-21,azure-embeddings"
  })
  void knowsWhoIsMeantByThePath(String path, String protocol) {
    Answered answer = SIM.post(path, "{}", "anthropic-version", "2023-06-01");

    assertThat(answer.status()).as(answer.body()).isIn(400, 422);
    assertThat(SIM.firstCall().protocol()).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "/mistral/v1/models,mistral-models,/data/0/capabilities/completion_chat,true",
    "/vllm/v1/models,vllm-models,/data/0/owned_by,vllm",
    "/older-vllm/v1/models/sim,older-vllm-models,/id,sim",
    "/openai/v1/models,azure-models,/object,list",
    "/v1/models/sim-tools,openai-models,/id,sim-tools"
  })
  void listsModelsInEveryonesShape(String path, String protocol, String place, String value) {
    Answered answer = SIM.get(path, "authorization", "Bearer " + RawClient.KEY);

    assertThat(answer.json().at(place).asText()).isEqualTo(value);
    assertThat(SIM.firstCall().protocol()).isEqualTo(protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "/mistral/v1/responses,/raw_status_code,404",
    "/vllm/v1/messages,/error/code,404",
    "/older-vllm/v1/nothing,/code,404",
    "/openai/deployments/sim/responses,/error/code,unknown_url",
    "/openai/deployments/,/error/code,unknown_url",
    "/openai/v1/messages,/error/code,unknown_url",
    "/v1,/error/code,unknown_url",
    "/vllm,/error/code,unknown_url"
  })
  void refusesOtherPathsInTheWordsOfTheNearest(String path, String place, String value) {
    Answered answer = SIM.post(path, "{}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().at(place).asText()).isEqualTo(value);
    assertThat(SIM.firstCall().protocol()).isNull();
  }
}
