/** The audit log, asked as an auditor asks it. */
@NullMarked
package dev.penstock.controlplane.audit;

import org.jspecify.annotations.NullMarked;
