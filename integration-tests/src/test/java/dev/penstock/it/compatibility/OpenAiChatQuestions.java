package dev.penstock.it.compatibility;

import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import java.util.List;
import java.util.Map;

/** The questions in the words of {@code openai-java}'s Chat Completions. */
final class OpenAiChatQuestions {
  private OpenAiChatQuestions() {}

  static ChatCompletionCreateParams about(Situation situation, String model) {
    ChatCompletionCreateParams.Builder question =
        ChatCompletionCreateParams.builder().model(model).maxCompletionTokens(Subject.MAX_TOKENS);
    switch (situation) {
      case TEXT, LENGTH, REFUSAL, ERROR_BEFORE, ERROR_MID_STREAM, CUT ->
          question.addUserMessage(Subject.QUESTION);
      case TOOL, PARALLEL_TOOLS, BARE_TOOL ->
          question
              .addUserMessage(Subject.QUESTION)
              .addTool(tool("get_weather", Subject.CITY))
              .addTool(tool("get_time", Subject.NOTHING));
      case IMAGE -> question.addUserMessageOfArrayOfContentParts(List.of(text(), image()));
      case STRUCTURED -> question.addUserMessage(Subject.QUESTION).responseFormat(report());
      case REASONING ->
          question.addUserMessage(Subject.QUESTION).reasoningEffort(ReasoningEffort.MEDIUM);
      case UNCARRIED -> question.addUserMessage(Subject.QUESTION).logitBias(bias());
    }
    return question.build();
  }

  private static ChatCompletionCreateParams.LogitBias bias() {
    return ChatCompletionCreateParams.LogitBias.builder()
        .putAdditionalProperty("1", JsonValue.from(2))
        .build();
  }

  private static ChatCompletionFunctionTool tool(String name, Map<String, Object> schema) {
    FunctionParameters.Builder parameters = FunctionParameters.builder();
    schema.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
    return ChatCompletionFunctionTool.builder()
        .function(FunctionDefinition.builder().name(name).parameters(parameters.build()).build())
        .build();
  }

  private static ChatCompletionContentPart text() {
    return ChatCompletionContentPart.ofText(
        ChatCompletionContentPartText.builder().text(Subject.QUESTION).build());
  }

  private static ChatCompletionContentPart image() {
    return ChatCompletionContentPart.ofImageUrl(
        ChatCompletionContentPartImage.builder()
            .imageUrl(
                ChatCompletionContentPartImage.ImageUrl.builder()
                    .url("data:image/png;base64," + Subject.PIXEL)
                    .build())
            .build());
  }

  private static ResponseFormatJsonSchema report() {
    ResponseFormatJsonSchema.JsonSchema.Schema.Builder schema =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder();
    Subject.REPORT.forEach(
        (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
    return ResponseFormatJsonSchema.builder()
        .jsonSchema(
            ResponseFormatJsonSchema.JsonSchema.builder()
                .name("report")
                .strict(true)
                .schema(schema.build())
                .build())
        .build();
  }
}
