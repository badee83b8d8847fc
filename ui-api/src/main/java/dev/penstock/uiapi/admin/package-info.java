/**
 * The calls of the admin API that pages may make, and nothing else of it: {@link
 * dev.penstock.uiapi.admin.AdminCalls} lists them, {@link dev.penstock.uiapi.admin.AdminApi} makes
 * them with the token of whoever is signed in. What somebody may do is decided there, not here.
 */
@NullMarked
package dev.penstock.uiapi.admin;

import org.jspecify.annotations.NullMarked;
