/**
 * May this text pass. {@link dev.penstock.dataplane.guard.InputGuard} has a {@link
 * dev.penstock.dataplane.guard.Screening} search what a request says with the tenant's guards, and
 * acts on what they find; where its detectors let the request go on, {@link
 * dev.penstock.dataplane.guard.ExternalGuards} asks others. An {@link
 * dev.penstock.dataplane.guard.AnswerGuard} does so with an answer on its way to the client, event
 * by event, and holds back what could still become a find. What they look for is the kernel's;
 * neither ever tells the text of a find.
 */
@NullMarked
package dev.penstock.dataplane.guard;

import org.jspecify.annotations.NullMarked;
