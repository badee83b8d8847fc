/** Brings a Postgres database to the schema of this build, and its roles with it. */
@NullMarked
package dev.penstock.migrations;

import org.jspecify.annotations.NullMarked;
