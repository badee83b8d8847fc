/** Guards as they are stated; nodes search texts, and nothing here does. */
@NullMarked
package dev.penstock.controlplane.guard;

import org.jspecify.annotations.NullMarked;
