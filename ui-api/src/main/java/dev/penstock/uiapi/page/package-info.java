/**
 * How pages and the requests that they make reach the console: which addresses are pages, and that
 * writes come from a page of our own.
 */
@NullMarked
package dev.penstock.uiapi.page;

import org.jspecify.annotations.NullMarked;
