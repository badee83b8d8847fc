/** Takes requests from the socket and hands each to the room that answers it. */
@NullMarked
package dev.penstock.providersim.edge;

import org.jspecify.annotations.NullMarked;
