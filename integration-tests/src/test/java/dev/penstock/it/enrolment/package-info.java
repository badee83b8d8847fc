/** Nodes that join, renew and are revoked, as whole processes. */
@NullMarked
package dev.penstock.it.enrolment;

import org.jspecify.annotations.NullMarked;
