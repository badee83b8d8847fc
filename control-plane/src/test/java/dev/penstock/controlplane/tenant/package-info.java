/** Tests of the room of this name. */
@NullMarked
package dev.penstock.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
