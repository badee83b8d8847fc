/**
 * Says what every provider's API consists of, so that one script plays in any of them; knows no API
 * itself.
 */
@NullMarked
package dev.penstock.providersim.dialect;

import org.jspecify.annotations.NullMarked;
