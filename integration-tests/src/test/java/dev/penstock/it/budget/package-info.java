/** What happens when the money is spent. */
@NullMarked
package dev.penstock.it.budget;

import org.jspecify.annotations.NullMarked;
