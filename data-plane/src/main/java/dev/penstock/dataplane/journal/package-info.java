/**
 * What happened: the record of every exchange, spooled to local disk and from there reported to the
 * control plane, exactly once.
 *
 * <p>It never holds prompt or answer text, keys or secrets, and never makes an exchange wait for a
 * disk.
 */
@NullMarked
package dev.penstock.dataplane.journal;

import org.jspecify.annotations.NullMarked;
