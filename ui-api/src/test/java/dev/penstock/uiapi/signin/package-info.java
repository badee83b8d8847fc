/** Sign-in, against a provider that keeps to the code flow. */
@NullMarked
package dev.penstock.uiapi.signin;

import org.jspecify.annotations.NullMarked;
