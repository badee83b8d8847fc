/** The words for a policy. */
@NullMarked
package dev.penstock.uiapi.policy;

import org.jspecify.annotations.NullMarked;
