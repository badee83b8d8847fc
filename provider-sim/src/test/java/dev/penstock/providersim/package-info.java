/** Tries the simulator through its sockets. */
@NullMarked
package dev.penstock.providersim;

import org.jspecify.annotations.NullMarked;
