/**
 * Guards as they are stated, and what one would do with a text that somebody tries it on. Requests
 * and answers are searched by nodes alone.
 */
@NullMarked
package dev.penstock.controlplane.guard;

import org.jspecify.annotations.NullMarked;
