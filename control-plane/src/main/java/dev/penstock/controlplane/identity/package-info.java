/** Who calls the admin API: the bearer of its token; nobody else gets past the door. */
@NullMarked
package dev.penstock.controlplane.identity;

import org.jspecify.annotations.NullMarked;
