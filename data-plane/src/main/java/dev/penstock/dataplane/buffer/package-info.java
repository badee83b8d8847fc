/**
 * Memory that an event loop uses again and again for what passes through it. Nothing is kept in it:
 * what has to outlive the moment is copied out.
 */
@NullMarked
package dev.penstock.dataplane.buffer;

import org.jspecify.annotations.NullMarked;
