/**
 * What was used: ingest of the nodes' spools, exactly once, and what can be read back from it.
 *
 * <p>{@link dev.penstock.controlplane.usage.UsageIngest} commits a batch in one transaction: the
 * spool's watermark, the {@link dev.penstock.controlplane.usage.RequestRecord records}, and the
 * money they cost; {@link dev.penstock.controlplane.usage.SumDesk} adds them up afterwards, or when
 * somebody asks. No object mapper stands on that path. Records that cannot be counted are kept
 * aside and never stop the ones behind them. The resources read.
 */
@NullMarked
package dev.penstock.controlplane.usage;

import org.jspecify.annotations.NullMarked;
