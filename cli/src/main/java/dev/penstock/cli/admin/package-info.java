/** The admin API as the command line speaks it. */
@NullMarked
package dev.penstock.cli.admin;

import org.jspecify.annotations.NullMarked;
