/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.admin;

import org.jspecify.annotations.NullMarked;
