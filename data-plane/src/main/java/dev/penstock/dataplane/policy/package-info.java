/** Which rules bind the caller: its tenant's effective policy, looked up, never computed. */
@NullMarked
package dev.penstock.dataplane.policy;

import org.jspecify.annotations.NullMarked;
