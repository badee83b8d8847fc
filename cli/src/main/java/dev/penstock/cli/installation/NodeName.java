package dev.penstock.cli.installation;

/** A data-plane node's name: its region and its number there, from 1. */
public record NodeName(String region, int number) {

  @Override
  public String toString() {
    return region + "-" + number;
  }
}
