/** Manifests: reading them strictly, field by field, before anything is stored. */
@NullMarked
package dev.penstock.controlplane.manifest;

import org.jspecify.annotations.NullMarked;
