/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.provider;

import org.jspecify.annotations.NullMarked;
