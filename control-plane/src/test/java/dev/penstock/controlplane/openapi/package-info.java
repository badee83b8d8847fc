/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.openapi;

import org.jspecify.annotations.NullMarked;
