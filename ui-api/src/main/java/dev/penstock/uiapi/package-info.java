/**
 * The console: a page for people, with no data on it before they have signed in.
 *
 * <p>{@link dev.penstock.uiapi.Console} checks its configuration and starts; the page itself is a
 * static file.
 */
@NullMarked
package dev.penstock.uiapi;

import org.jspecify.annotations.NullMarked;
