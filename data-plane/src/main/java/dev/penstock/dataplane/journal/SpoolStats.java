package dev.penstock.dataplane.journal;

/**
 * How full a spool is.
 *
 * @param usedBytes of the segments on disk, those kept ready included
 * @param unackedRecords numbered records that the control plane has not confirmed
 * @param unackedBytes what they take
 * @param openHolds exchanges that hold and have not been settled
 * @param healthy false while the disk refuses writes; nothing new is admitted then
 */
public record SpoolStats(
    long usedBytes,
    long capBytes,
    long unackedRecords,
    long unackedBytes,
    int openHolds,
    boolean healthy) {}
