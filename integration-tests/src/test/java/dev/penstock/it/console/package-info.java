/**
 * The console in a real browser, with everything behind it: identity provider, both planes, a
 * provider.
 */
@NullMarked
package dev.penstock.it.console;

import org.jspecify.annotations.NullMarked;
