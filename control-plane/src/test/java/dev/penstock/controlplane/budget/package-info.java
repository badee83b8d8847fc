/** What tenants state of budgets, and what is refused. */
@NullMarked
package dev.penstock.controlplane.budget;

import org.jspecify.annotations.NullMarked;
