/** Enrolment from the outside: what a node may have, and what an attacker does not get. */
@NullMarked
package dev.penstock.controlplane.enrolment;

import org.jspecify.annotations.NullMarked;
