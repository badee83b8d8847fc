/** The command line and the documents, as a newcomer uses them. */
@NullMarked
package dev.penstock.it.cli;

import org.jspecify.annotations.NullMarked;
