/**
 * Generated messages to records and back; the only package that sees generated classes.
 *
 * <p>Whatever a node sends is held to its limits here, before anything else sees it.
 */
@NullMarked
package dev.penstock.controlplane.wire;

import org.jspecify.annotations.NullMarked;
