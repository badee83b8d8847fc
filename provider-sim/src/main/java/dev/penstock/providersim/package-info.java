/**
 * Plays the providers of models: scripted streams, scripted faults, and their own invoice.
 *
 * <p>A request crosses the rooms in this order: {@link dev.penstock.providersim.edge} takes it from
 * the socket, {@link dev.penstock.providersim.refuse} says no to what a real provider would say no
 * to, {@link dev.penstock.providersim.script} finds what the model is to do, {@link
 * dev.penstock.providersim.play} does it on time, in the shapes of a {@link
 * dev.penstock.providersim.dialect} (Chat, Responses, Embeddings, Messages, Mistral's Chat), and
 * {@link dev.penstock.providersim.invoice} writes down what it cost. {@link
 * dev.penstock.providersim.ProviderSim} starts the process, or starts the same thing inside another
 * JVM.
 */
@NullMarked
package dev.penstock.providersim;

import org.jspecify.annotations.NullMarked;
