/**
 * Performs a script on a connection: on time, no faster than the client reads, and aware of its
 * leaving.
 */
@NullMarked
package dev.penstock.providersim.play;

import org.jspecify.annotations.NullMarked;
