/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
