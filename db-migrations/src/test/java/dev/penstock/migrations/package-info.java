/** Migrates an empty database and attacks it as the application role. */
@NullMarked
package dev.penstock.migrations;

import org.jspecify.annotations.NullMarked;
