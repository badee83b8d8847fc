/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.impact;

import org.jspecify.annotations.NullMarked;
