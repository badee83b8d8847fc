/** Tests of the control plane against a real Postgres. */
@NullMarked
package dev.penstock.controlplane;

import org.jspecify.annotations.NullMarked;
