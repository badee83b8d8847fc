/** The effective policy of a tenant, folded down the tenant tree: it narrows and never widens. */
@NullMarked
package dev.penstock.kernel.policy;

import org.jspecify.annotations.NullMarked;
