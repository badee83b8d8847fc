/**
 * Who did what to which resource: events appended in the transaction of what they tell about, and
 * read by auditors. {@link dev.penstock.controlplane.audit.AuditRows} is the only writer; nobody
 * changes or deletes an event.
 */
@NullMarked
package dev.penstock.controlplane.audit;

import org.jspecify.annotations.NullMarked;
