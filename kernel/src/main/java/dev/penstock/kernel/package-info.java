/**
 * Pure logic that both planes share: it computes, and never reads a clock, a file or a socket.
 *
 * <p>Each package is one subject. What must give the same answer in the control plane and on a node
 * lives here, and nothing else does.
 */
@NullMarked
package dev.penstock.kernel;

import org.jspecify.annotations.NullMarked;
