/** People and programs that a real Keycloak vouches for, at the admin API. */
@NullMarked
package dev.penstock.it.identity;

import org.jspecify.annotations.NullMarked;
