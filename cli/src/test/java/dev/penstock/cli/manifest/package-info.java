/** Tests of reading manifests and resolving their secrets. */
@NullMarked
package dev.penstock.cli.manifest;

import org.jspecify.annotations.NullMarked;
