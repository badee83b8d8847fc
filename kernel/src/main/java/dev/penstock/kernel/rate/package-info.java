/** How often something may happen in a minute; it reads no clock and knows nothing of who asks. */
@NullMarked
package dev.penstock.kernel.rate;

import org.jspecify.annotations.NullMarked;
