/** Policies, the state they add up to, and what binds a tenant in the end. */
@NullMarked
package dev.penstock.controlplane.policy;

import org.jspecify.annotations.NullMarked;
