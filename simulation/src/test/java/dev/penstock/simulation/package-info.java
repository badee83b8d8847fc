/** Tests of what is beside them. */
@NullMarked
package dev.penstock.simulation;

import org.jspecify.annotations.NullMarked;
