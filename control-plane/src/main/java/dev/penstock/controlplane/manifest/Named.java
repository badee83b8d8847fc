package dev.penstock.controlplane.manifest;

/** A resource under the name that its manifest gives it. */
public interface Named {

  String name();
}
