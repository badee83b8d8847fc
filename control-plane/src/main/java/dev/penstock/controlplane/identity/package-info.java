/**
 * Who calls the admin API: every request that gets past the door has a {@link
 * dev.penstock.controlplane.identity.Caller}, which {@link
 * dev.penstock.controlplane.identity.CurrentCaller} answers to whoever needs it.
 */
@NullMarked
package dev.penstock.controlplane.identity;

import org.jspecify.annotations.NullMarked;
