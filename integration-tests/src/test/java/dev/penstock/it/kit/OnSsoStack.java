package dev.penstock.it.kit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Of tests that need a real Keycloak: they share an installation, one at a time, and run beside the
 * rest.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SsoStack.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(SsoStack.NAME)
public @interface OnSsoStack {}
