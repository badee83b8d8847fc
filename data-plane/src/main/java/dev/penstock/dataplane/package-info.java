/**
 * A node of the data plane; its packages are the steps of an exchange, in this order:
 *
 * <ol>
 *   <li>{@link dev.penstock.dataplane.exchange arrive}: limits, request id, the Vert.x edge
 *   <li>{@link dev.penstock.dataplane.authenticate identify}: who is asking
 *   <li>{@link dev.penstock.dataplane.policy resolve}: which rules bind them
 *   <li>{@link dev.penstock.dataplane.admission admit}: may this model be used here
 *   <li>{@link dev.penstock.dataplane.guard screen}: may this text pass
 *   <li>{@link dev.penstock.dataplane.cache recall}: has it been answered before
 *   <li>{@link dev.penstock.dataplane.route choose}: which deployments, in which order
 *   <li>{@link dev.penstock.dataplane.budget hold}: the worst case is set aside
 *   <li>{@link dev.penstock.dataplane.upstream open}: the call to a provider
 *   <li>{@link dev.penstock.dataplane.relay relay}: the token stream and its brakes
 *   <li>{@link dev.penstock.dataplane.budget settle}: what was used, exactly once
 *   <li>{@link dev.penstock.dataplane.journal record}: what happened
 * </ol>
 *
 * <p>{@link dev.penstock.dataplane.exchange.ExchangePipeline} is that list as code. Beside it:
 * {@code token} proves for {@code authenticate} what a service account sends; admission asks {@code
 * ratelimit}, last; {@code dialect} and {@code meter} serve the relay; {@code snapshot} and {@code
 * session} bring policy and money from the control plane; {@code enrolment} is how the node proves
 * who it is; {@code wire} turns the planes' words into records; {@code config}, {@code telemetry},
 * {@code disk} and {@code buffer} are the node's own.
 */
@NullMarked
package dev.penstock.dataplane;

import org.jspecify.annotations.NullMarked;
