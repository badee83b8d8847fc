/** Sessions: the protocol without I/O, and with real clients over mutual TLS. */
@NullMarked
package dev.penstock.controlplane.fleet;

import org.jspecify.annotations.NullMarked;
