/** Tries what scripts are made of. */
@NullMarked
package dev.penstock.providersim.script;

import org.jspecify.annotations.NullMarked;
