/**
 * What a guard looks for and where it finds it in a text, whether that is there as a whole or still
 * growing. It decides nothing, keeps no more of a text than its end, and does no I/O.
 *
 * <p>A {@link dev.penstock.kernel.guard.Guard} is made of {@link
 * dev.penstock.kernel.guard.Detector}s and compiled when it is made, on both planes alike: what the
 * control plane takes a node can run. It searches a {@link dev.penstock.kernel.guard.SearchText} in
 * its normal form, in time that grows with the text and no faster, within a {@link
 * dev.penstock.kernel.guard.ScanBudget}. In a {@link dev.penstock.kernel.guard.GrowingText} its
 * {@link dev.penstock.kernel.guard.Watch}es find the same, however it is cut; a {@link
 * dev.penstock.kernel.guard.GuardedText} lets the pieces go again, with placeholders.
 */
@NullMarked
package dev.penstock.kernel.guard;

import org.jspecify.annotations.NullMarked;
