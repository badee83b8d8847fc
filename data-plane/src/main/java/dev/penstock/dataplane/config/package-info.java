/** What a node is told by its environment, read once at start; it never guesses what is missing. */
@NullMarked
package dev.penstock.dataplane.config;

import org.jspecify.annotations.NullMarked;
