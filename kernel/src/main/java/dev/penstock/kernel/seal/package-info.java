/** Sealing of secrets on their way from the control plane's database to a node's memory. */
@NullMarked
package dev.penstock.kernel.seal;

import org.jspecify.annotations.NullMarked;
