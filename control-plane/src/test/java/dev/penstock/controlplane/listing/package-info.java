/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.listing;

import org.jspecify.annotations.NullMarked;
