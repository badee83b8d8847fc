/**
 * May this text pass. This build has no detectors; a policy that names one never reaches a node.
 */
@NullMarked
package dev.penstock.dataplane.guard;

import org.jspecify.annotations.NullMarked;
