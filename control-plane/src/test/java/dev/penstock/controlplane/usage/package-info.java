/** Usage: exactly once, whatever is repeated, lost or unreadable. */
@NullMarked
package dev.penstock.controlplane.usage;

import org.jspecify.annotations.NullMarked;
