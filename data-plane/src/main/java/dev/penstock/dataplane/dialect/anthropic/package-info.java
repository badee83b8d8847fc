/**
 * Anthropic's Messages API as clients and providers write it: what keeps its bytes between them,
 * and what is translated from and to the words of {@link dev.penstock.dataplane.dialect}. It never
 * knows another dialect's wire format.
 *
 * <p>{@code RequestReader} and {@code RequestWriter} translate requests, {@code AnswerReader} reads
 * a provider's answer, {@code StreamWriter} and {@code WholeWriter} write a client's.
 */
@NullMarked
package dev.penstock.dataplane.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
