/**
 * Calls to providers: connecting, waiting, breaking the circuit, falling back before the first
 * byte.
 *
 * <p>It hands on what a provider says beyond status and headers and never looks into it; that is
 * {@code relay}'s.
 */
@NullMarked
package dev.penstock.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
