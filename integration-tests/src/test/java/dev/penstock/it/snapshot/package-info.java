/** How a change of policy reaches the nodes, and how a bad one does not. */
@NullMarked
package dev.penstock.it.snapshot;

import org.jspecify.annotations.NullMarked;
