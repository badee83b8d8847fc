/** Providers: upstream accounts, each at one place and at an address we are willing to call. */
@NullMarked
package dev.penstock.controlplane.provider;

import org.jspecify.annotations.NullMarked;
