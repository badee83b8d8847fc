/**
 * What a policy snapshot holds, and the check it must pass in the control plane and on every node.
 */
@NullMarked
package dev.penstock.kernel.snapshot;

import org.jspecify.annotations.NullMarked;
