/** Guards through the admin API. */
@NullMarked
package dev.penstock.controlplane.guard;

import org.jspecify.annotations.NullMarked;
