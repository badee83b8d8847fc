/**
 * Proves the chart without a cluster: Helm renders every variant, the Kubernetes models accept
 * every object, and the objects fit each other and the processes they start.
 *
 * <p>{@link Chart} renders, {@link Release} is what came out, {@link KubeObject} one object of it.
 * Admission, defaulting and rollout need a real API server and are not proven here.
 */
@NullMarked
package dev.penstock.helm;

import org.jspecify.annotations.NullMarked;
