/** What is read from the wire, and what is refused. */
@NullMarked
package dev.penstock.controlplane.wire;

import org.jspecify.annotations.NullMarked;
