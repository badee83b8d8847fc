/** Knows what all paths of OpenAI and of Azure OpenAI share: keys, errors, models, usage. */
@NullMarked
package dev.penstock.providersim.openai;

import org.jspecify.annotations.NullMarked;
