/** What the admin API answers when it says no: RFC 9457 problems that name the field. */
@NullMarked
package dev.penstock.controlplane.problem;

import org.jspecify.annotations.NullMarked;
