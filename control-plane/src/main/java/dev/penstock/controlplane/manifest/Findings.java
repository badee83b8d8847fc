package dev.penstock.controlplane.manifest;

import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that one answer names all of it. Of one thread. */
public final class Findings {

  private final List<Finding> found = new ArrayList<>();

  public void add(String field, String detail) {
    found.add(new Finding(field, detail));
  }

  /** Ends the request if anything is wrong with it. */
  public void refuseIfAny() {
    if (!found.isEmpty()) {
      throw ProblemException.refused(found);
    }
  }

  /** In the order in which they were found. */
  public List<Finding> all() {
    return List.copyOf(found);
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }
}
