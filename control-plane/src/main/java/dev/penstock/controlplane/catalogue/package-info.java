/** The catalogue: models that clients ask for, their prices, and where they are to be had. */
@NullMarked
package dev.penstock.controlplane.catalogue;

import org.jspecify.annotations.NullMarked;
