/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.secret;

import org.jspecify.annotations.NullMarked;
