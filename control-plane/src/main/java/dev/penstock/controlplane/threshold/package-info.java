/**
 * What budgets do when so much of them is spent: notes when a threshold's action begins and ends,
 * and tells nodes what is in force. It moves no money and refuses nothing: that is the ledger's.
 *
 * <p>{@link dev.penstock.controlplane.threshold.ThresholdWatch} holds windows against their
 * budgets' thresholds, by {@link dev.penstock.controlplane.threshold.Standing}.
 */
@NullMarked
package dev.penstock.controlplane.threshold;

import org.jspecify.annotations.NullMarked;
