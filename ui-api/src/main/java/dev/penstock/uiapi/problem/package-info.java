/** What went wrong, in the shape in which the admin API says it, so that pages show one kind. */
@NullMarked
package dev.penstock.uiapi.problem;

import org.jspecify.annotations.NullMarked;
