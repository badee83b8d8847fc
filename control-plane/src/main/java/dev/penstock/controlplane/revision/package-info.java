/** The one path of a write: locked, stored, proven consistent, compiled, numbered. */
@NullMarked
package dev.penstock.controlplane.revision;

import org.jspecify.annotations.NullMarked;
