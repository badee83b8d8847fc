/** Tests of the room of this name. */
@NullMarked
package dev.penstock.controlplane.secret;

import org.jspecify.annotations.NullMarked;
