/** Rate limits as they are stated; nodes keep them. */
@NullMarked
package dev.penstock.controlplane.ratelimit;

import org.jspecify.annotations.NullMarked;
