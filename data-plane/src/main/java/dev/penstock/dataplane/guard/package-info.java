/**
 * May this text pass. {@link dev.penstock.dataplane.guard.InputGuard} has a {@link
 * dev.penstock.dataplane.guard.Screening} search what a request says with the tenant's guards, and
 * acts on what they find; what they look for is the kernel's. Answers are not looked at here.
 */
@NullMarked
package dev.penstock.dataplane.guard;

import org.jspecify.annotations.NullMarked;
