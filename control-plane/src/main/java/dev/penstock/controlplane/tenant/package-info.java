/** The tenant tree, under one root. */
@NullMarked
package dev.penstock.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
