/** What happened to one request, told for people. */
@NullMarked
package dev.penstock.cli.explain;

import org.jspecify.annotations.NullMarked;
