/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.revision;

import org.jspecify.annotations.NullMarked;
