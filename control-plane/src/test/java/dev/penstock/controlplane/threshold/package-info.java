/** What budgets do when so much of them is spent. */
@NullMarked
package dev.penstock.controlplane.threshold;

import org.jspecify.annotations.NullMarked;
