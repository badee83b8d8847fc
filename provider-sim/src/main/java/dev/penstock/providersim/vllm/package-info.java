/** Knows how vLLM, and servers like it, differ from the OpenAI API that they offer. */
@NullMarked
package dev.penstock.providersim.vllm;

import org.jspecify.annotations.NullMarked;
