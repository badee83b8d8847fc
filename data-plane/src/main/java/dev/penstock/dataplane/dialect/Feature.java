package dev.penstock.dataplane.dialect;

/**
 * What a request can ask for that not every dialect can carry. A decoder notes each that a request
 * uses; {@link Losses} says what becomes of it on the way to another dialect.
 */
public enum Feature {
  /** A field that the client's dialect does not know, or that its decoder does not read. */
  UNKNOWN_FIELD,
  /** More than one answer. */
  CHOICES,
  LOG_PROBABILITIES,
  LOGIT_BIAS,
  SEED,
  /** Presence or frequency penalties other than 0. */
  PENALTIES,
  TOP_K,
  /** A temperature above 1. */
  TEMPERATURE_ABOVE_1,
  /** A temperature above 1.5. */
  TEMPERATURE_ABOVE_1_5,
  STOP,
  /** More than four stop sequences. */
  STOP_ABOVE_4,
  /** An output limit of 0: warm the cache, generate nothing. */
  WARM_CACHE,
  /** Any JSON, without a schema. */
  JSON_OBJECT,
  /** Tools that are no functions, such as OpenAI's custom tools with a grammar. */
  CUSTOM_TOOLS,
  /** Tools that the provider runs itself. */
  HOSTED_TOOLS,
  /** A choice among some of the tools only. */
  ALLOWED_TOOLS,
  /** How closely the model should look at an image. */
  IMAGE_DETAIL,
  /** An image in the result of a tool. */
  IMAGE_IN_TOOL_RESULT,
  AUDIO_INPUT,
  /** Answers in other than text. */
  OUTPUT_MODALITIES,
  /** A file that the client has left at its provider. */
  PROVIDER_FILE,
  /** An assistant's turn at the end, to be continued. */
  PREFILL,
  /** That a tool's result is an error. */
  TOOL_RESULT_ERROR,
  /** Whether and how the model's reasoning is told. */
  REASONING_DISPLAY,
  /** Reasoning of an earlier turn, that only its maker can use. */
  REASONING_HISTORY,
  /** An effort beside a budget of thinking, or with thinking off: one of both is carried. */
  EFFORT_BESIDE_BUDGET,
  VERBOSITY,
  /** A conversation or an answer that the provider keeps. */
  PROVIDER_STATE,
  /** An answer that is fetched later. */
  BACKGROUND,
  /** That the provider keeps the answer for later. */
  STORE,
  SERVICE_TIER,
  METADATA,
  /** Who the end user is. */
  END_USER,
  /** Where a prompt's cached part ends. */
  CACHE_MARK,
  /** What a prompt is cached under. */
  CACHE_KEY,
  /** How and how long a prompt is kept in a cache. */
  CACHE_OPTIONS,
  PREDICTION,
  /** What is left out where a prompt is too long. */
  TRUNCATION,
  /** The provider's own moderation. */
  PROVIDER_GUARDRAILS
}
