package dev.penstock.providersim.chat;

import dev.penstock.providersim.invoice.Usage;

/** Usage as OpenAI writes it. */
final class UsageShape {
  private UsageShape() {}

  static String json(Usage usage) {
    return """
    {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
    "prompt_tokens_details":{"cached_tokens":%d,"cache_write_tokens":0,"audio_tokens":0},\
    "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
    "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}\
    """
        .formatted(
            usage.promptTokens(),
            usage.completionTokens(),
            usage.promptTokens() + usage.completionTokens(),
            usage.cachedTokens());
  }
}
