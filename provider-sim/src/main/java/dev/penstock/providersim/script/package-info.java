/** Says what a model does when it is called: steps, read from JSON or from the model's name. */
@NullMarked
package dev.penstock.providersim.script;

import org.jspecify.annotations.NullMarked;
