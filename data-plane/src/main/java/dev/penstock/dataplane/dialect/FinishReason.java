package dev.penstock.dataplane.dialect;

/** Why a model stopped, whatever a dialect calls it. */
public enum FinishReason {
  /** It had said all. */
  STOP,
  /** It met one of the request's stop sequences. */
  STOP_SEQUENCE,
  /** It met the limit on output tokens. */
  LENGTH,
  /** Prompt and answer filled the context. */
  CONTEXT_FULL,
  /** It waits for the results of tools. */
  TOOL_CALLS,
  /** A filter cut it, or it refused. */
  CONTENT_FILTER,
  /** It paused a long turn; only Anthropic's server tools do. */
  PAUSED
}
