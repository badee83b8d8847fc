/**
 * A Postgres server for one machine: unpacked, initialised and described as a child process.
 *
 * <p>{@link dev.penstock.cli.postgres.PostgresBinaries} unpacks the programs once; {@link
 * dev.penstock.cli.postgres.PostgresCluster} owns a data folder. The postmaster itself is the child
 * of {@code up}, with no JVM in between, so that killing the process kills the server.
 */
@NullMarked
package dev.penstock.cli.postgres;

import org.jspecify.annotations.NullMarked;
