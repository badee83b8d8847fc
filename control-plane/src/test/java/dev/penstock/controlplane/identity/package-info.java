/** Who is let in, and to what. */
@NullMarked
package dev.penstock.controlplane.identity;

import org.jspecify.annotations.NullMarked;
