/**
 * Budget leases without I/O, as a node sees them: its book, its side of the conversation, and the
 * rule by which grants are sized. Never reads a clock, a file or a socket.
 */
@NullMarked
package dev.penstock.kernel.lease;

import org.jspecify.annotations.NullMarked;
