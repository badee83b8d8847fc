/** The shape of OpenAI's errors, shared by all of its APIs. */
@NullMarked
package dev.penstock.dataplane.dialect.openai;

import org.jspecify.annotations.NullMarked;
