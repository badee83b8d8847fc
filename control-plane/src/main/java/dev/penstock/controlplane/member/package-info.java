/** What tenants make of people: who holds which roles at a tenant and below it. */
@NullMarked
package dev.penstock.controlplane.member;

import org.jspecify.annotations.NullMarked;
