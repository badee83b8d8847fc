/** Tests of the room of this name. */
@NullMarked
package dev.penstock.controlplane.openapi;

import org.jspecify.annotations.NullMarked;
