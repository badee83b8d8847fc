package dev.penstock.uiapi.page;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The addresses of pages. All are one document, in which a script shows what the address says; so
 * they can be kept, sent and reloaded. Everything else that is not a file is not found.
 */
@Singleton
class PageRoutes {

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final String PAGES =
      "/(tenants(/%1$s(/guards(/%1$s)?|/keys|/budgets|/spend|/requests)?)?|requests(/%1$s)?|nodes|audit|organizations)/?"
          .formatted(NAME);

  void register(@Observes Router router) {
    router.getWithRegex(PAGES).handler(page -> page.reroute("/"));
  }
}
