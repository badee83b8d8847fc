/**
 * A Keycloak for one machine: fetched, prepared and described as a child process.
 *
 * <p>{@link dev.penstock.cli.keycloak.KeycloakDistribution} has the programs, once per repository;
 * {@link dev.penstock.cli.keycloak.KeycloakServer} owns a data folder. It is far too big to be
 * waited for, so whoever uses this does so beside everything else.
 */
@NullMarked
package dev.penstock.cli.keycloak;

import org.jspecify.annotations.NullMarked;
