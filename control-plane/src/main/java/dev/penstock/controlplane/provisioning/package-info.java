/**
 * Tells the identity provider which tenants there are, who is in them, and how they sign in.
 *
 * <p>A write notes the tenants that it touches in the {@link
 * dev.penstock.controlplane.provisioning.ProvisioningOutbox}, in its own transaction. Later the
 * {@link dev.penstock.controlplane.provisioning.Provisioner} claims one after the other, asks the
 * {@link dev.penstock.controlplane.provisioning.Wishes} what is wanted now, and a {@link
 * dev.penstock.controlplane.provisioning.Reconciliation} makes the {@link
 * dev.penstock.controlplane.provisioning.Realm} so. What is noted is that something is to be done
 * and not what, so doing it twice, or half, or in another order ends in the same place.
 *
 * <p>Never: a call to the identity provider within a request or its transaction; a secret of a
 * client in our memory for longer than its answer, in the database, or in a log; the deletion of a
 * person.
 */
@NullMarked
package dev.penstock.controlplane.provisioning;

import org.jspecify.annotations.NullMarked;
