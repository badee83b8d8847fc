/**
 * How a node comes by its certificate, keeps it fresh and loses it.
 *
 * <p>{@link dev.penstock.controlplane.enrolment.Enrolment} decides: a proof, such as a one-time
 * {@link dev.penstock.controlplane.enrolment.JoinToken}, and a {@link
 * dev.penstock.controlplane.enrolment.SigningRequest} go in, what {@link
 * dev.penstock.controlplane.enrolment.IssuingAuthority} has signed comes out. {@link
 * dev.penstock.controlplane.enrolment.NodeCertificates} remembers every certificate and who may no
 * longer use which. A private key of a node is never here, and what a request asks for is never
 * copied into a certificate.
 */
@NullMarked
package dev.penstock.controlplane.enrolment;

import org.jspecify.annotations.NullMarked;
