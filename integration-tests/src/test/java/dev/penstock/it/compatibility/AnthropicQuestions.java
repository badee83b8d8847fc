package dev.penstock.it.compatibility;

import com.anthropic.core.JsonValue;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingConfigAdaptive;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.WebSearchTool20250305;
import java.util.List;
import java.util.Map;

/** The questions in the words of {@code anthropic-java}. */
final class AnthropicQuestions {
  private AnthropicQuestions() {}

  static MessageCreateParams about(Situation situation, String model) {
    MessageCreateParams.Builder question =
        MessageCreateParams.builder().model(model).maxTokens(Subject.MAX_TOKENS);
    switch (situation) {
      case TEXT, LENGTH, REFUSAL, ERROR_BEFORE, ERROR_MID_STREAM, CUT ->
          question.addUserMessage(Subject.QUESTION);
      case TOOL, PARALLEL_TOOLS, BARE_TOOL ->
          question
              .addUserMessage(Subject.QUESTION)
              .addTool(tool("get_weather", Subject.CITY))
              .addTool(tool("get_time", Subject.NOTHING));
      case IMAGE -> question.addUserMessageOfContentBlockParams(List.of(text(), image()));
      case STRUCTURED ->
          question
              .addUserMessage(Subject.QUESTION)
              .outputConfig(OutputConfig.builder().format(report()).build());
      case REASONING ->
          question
              .addUserMessage(Subject.QUESTION)
              .thinking(ThinkingConfigAdaptive.builder().build())
              .outputConfig(OutputConfig.builder().effort(OutputConfig.Effort.MEDIUM).build());
      case UNCARRIED ->
          question
              .addUserMessage(Subject.QUESTION)
              .addTool(WebSearchTool20250305.builder().build());
    }
    return question.build();
  }

  private static Tool tool(String name, Map<String, Object> schema) {
    Tool.InputSchema.Builder input = Tool.InputSchema.builder();
    schema.forEach((key, value) -> {
      if (!key.equals("type")) { // the SDK says that itself
        input.putAdditionalProperty(key, JsonValue.from(value));
      }
    });
    return Tool.builder().name(name).inputSchema(input.build()).build();
  }

  private static ContentBlockParam text() {
    return ContentBlockParam.ofText(TextBlockParam.builder().text(Subject.QUESTION).build());
  }

  private static ContentBlockParam image() {
    return ContentBlockParam.ofImage(
        Base64ImageSource.builder()
            .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
            .data(Subject.PIXEL)
            .build());
  }

  private static JsonOutputFormat report() {
    JsonOutputFormat.Schema.Builder schema = JsonOutputFormat.Schema.builder();
    Subject.REPORT.forEach(
        (key, value) -> schema.putAdditionalProperty(key, JsonValue.from(value)));
    return JsonOutputFormat.builder().schema(schema.build()).build();
  }
}
