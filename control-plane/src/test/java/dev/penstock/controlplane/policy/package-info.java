/** Tests of the package of this name. */
@NullMarked
package dev.penstock.controlplane.policy;

import org.jspecify.annotations.NullMarked;
