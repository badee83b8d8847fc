/**
 * What surrounds the console in its own tests: somebody who vouches for people, and an admin API.
 */
@NullMarked
package dev.penstock.uiapi.kit;

import org.jspecify.annotations.NullMarked;
