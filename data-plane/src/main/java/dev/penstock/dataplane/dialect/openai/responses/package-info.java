/**
 * OpenAI Responses as clients and providers write it.
 *
 * <p>{@link dev.penstock.dataplane.dialect.openai.responses.ResponsesCodec} translates from and to
 * the words of all dialects: {@code RequestReader} and {@code AnswerWriter} face a client, {@code
 * RequestWriter} and {@code AnswerReader} a provider. Where both sides speak this dialect, nothing
 * is translated and bytes stay as they came. It never knows another dialect.
 */
@NullMarked
package dev.penstock.dataplane.dialect.openai.responses;

import org.jspecify.annotations.NullMarked;
