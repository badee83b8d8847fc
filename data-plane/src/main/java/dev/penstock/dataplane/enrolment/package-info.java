/**
 * How the node proves to the control plane who it is: with a certificate that it was given, or with
 * one that it gets for a join token, keeps on its disk and renews.
 *
 * <p>{@link dev.penstock.dataplane.enrolment.Identity} is what a connection asks for; {@link
 * dev.penstock.dataplane.enrolment.Enrolment} obtains and renews on a thread of its own, over
 * {@link dev.penstock.dataplane.enrolment.EnrolmentLine}, which {@code wire} implements. The
 * private key is made here and leaves the node never; nothing of an exchange ever waits for any of
 * this.
 */
@NullMarked
package dev.penstock.dataplane.enrolment;

import org.jspecify.annotations.NullMarked;
