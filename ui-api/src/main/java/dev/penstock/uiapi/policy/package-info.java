/**
 * What binds a tenant, told in sentences: {@link dev.penstock.uiapi.policy.PolicySentences} puts
 * into words what the admin API computed, and computes nothing itself.
 */
@NullMarked
package dev.penstock.uiapi.policy;

import org.jspecify.annotations.NullMarked;
