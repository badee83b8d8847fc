/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.snapshot;

import org.jspecify.annotations.NullMarked;
