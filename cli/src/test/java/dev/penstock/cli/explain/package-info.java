/** Golden tests of explanations. */
@NullMarked
package dev.penstock.cli.explain;

import org.jspecify.annotations.NullMarked;
