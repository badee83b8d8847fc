/**
 * What a change means for those it binds, in sentences.
 *
 * <p>{@link dev.penstock.controlplane.impact.Impact#between} is a pure function of two states; each
 * {@code …Sentences} looks at one part of them and writes into a {@link
 * dev.penstock.controlplane.impact.Report}.
 */
@NullMarked
package dev.penstock.controlplane.impact;

import org.jspecify.annotations.NullMarked;
