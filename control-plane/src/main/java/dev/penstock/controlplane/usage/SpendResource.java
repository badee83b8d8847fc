package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What requests add up to. */
@Path("/api/v1/spend")
@Tag(name = "usage")
public class SpendResource {

  private static final String CSV = "text/csv";

  /** Rows of a file that are read at once, so that one of any length fits in memory. */
  static final int AT_A_TIME = 5_000;

  /** Until when records were received that are added up. */
  static final String UNTIL = "x-penstock-spend-until";

  private final SpendRows rows;
  private final SpendReach reach;
  private final SumDesk sums;

  SpendResource(SpendRows rows, SpendReach reach, SumDesk sums) {
    this.rows = rows;
    this.reach = reach;
    this.sums = sums;
  }

  /** A page, as the description of the API shows it. */
  @Schema(name = "SpendPage")
  record SpendPage(List<SpendView> items, @Nullable String nextCursor) {}

  /** A row, as the description of the API shows it; labels of {@code groupBy} come beside. */
  @Schema(name = "SpendRow", additionalProperties = String.class)
  record SpendView(
      Instant at,
      long requests,
      RequestTokens tokens,
      String costNanoUsd,
      String borneNanoUsd,
      long ttftP50Micros,
      long ttftP95Micros) {}

  @GET
  @FilteredList
  @Produces({MediaType.APPLICATION_JSON, CSV})
  @Operation(
      summary = "Requests, tokens, cost and times to the first token, by time and label",
      description =
          "`groupBy` is a list of tenant, apiKey, subject, model, provider, region and one tag as"
              + " `tags.NAME` (which goes with tenant, model and provider; rows of requests without"
              + " the tag have an empty value). `step` is `5m`, `hour`, `day` or another multiple of 5"
              + " minutes, counted from `from`; without it there is one row for all of the time."
              + " `under` is a tenant: of it and everything below it alone. Every other parameter is"
              + " a filter: a label, or a field of the rows, several times for one of several."
              + " `costNanoUsd` is what tenants are charged, `borneNanoUsd` what attempts cost that did"
              + " not serve, which the platform bears; it stands at the attempt's model and provider, and is 0 by tag. With"
              + " `Accept: text/csv` all rows in one file. The header `x-penstock-spend-until` says until"
              + " when requests were reported that are added up: the time of the answer, unless so many"
              + " were reported at once that they could not be added up in a few seconds.")
  @APIResponse(
      responseCode = "200",
      description = "A page, or all rows as a file",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = SpendPage.class)),
        @Content(mediaType = CSV, schema = @Schema(type = SchemaType.STRING))
      })
  public Response spend(
      @QueryParam("groupBy") @Nullable String groupBy,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("step") @Nullable String step,
      @QueryParam("under") @Nullable String under,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri,
      @Context HttpHeaders headers)
      throws SQLException {
    boolean asFile = wantsFile(headers);
    SpendQuery query =
        SpendQuery.of(
            uri.getQueryParameters(),
            Instant.now(),
            asFile
                ? SpendResource::whole
                : (all, fields, usual) -> page(all, fields, usual, limit));
    Scope scope = reach.of(under);
    Instant until = sums.catchUp();
    return (asFile ? file(query, scope) : page(query, scope))
        .header(UNTIL, until.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private static boolean wantsFile(HttpHeaders headers) {
    return headers.getAcceptableMediaTypes().stream()
        .findFirst()
        .filter(wanted -> wanted.isCompatible(MediaType.valueOf(CSV)) && !wanted.isWildcardType())
        .isPresent();
  }

  private static ListQuery page(
      Map<String, List<String>> parameters,
      List<Field> fields,
      List<SortKey> usual,
      @Nullable String limit) {
    return ListQuery.readByAllKeys(parameters, fields, usual, SpendQuery.OWN, Page.limit(limit));
  }

  private static ListQuery whole(
      Map<String, List<String>> parameters, List<Field> fields, List<SortKey> usual) {
    return ListQuery.whole(parameters, fields, usual, SpendQuery.OWN, AT_A_TIME);
  }

  private ResponseBuilder page(SpendQuery query, Scope scope) throws SQLException {
    List<SpendRow> found = rows.page(query, scope);
    int limit = query.list().limit();
    boolean more = found.size() > limit;
    List<SpendRow> shown = more ? found.subList(0, limit) : found;
    @Nullable String next = more ? query.list().cursor(query.keysOf(shown.getLast())) : null;
    return Response.ok(
        new Page<>(shown.stream().map(SpendRow::view).toList(), next),
        MediaType.APPLICATION_JSON_TYPE);
  }

  private ResponseBuilder file(SpendQuery query, Scope scope) throws SQLException {
    List<SpendRow> first = rows.page(query, scope); // what cannot be answered is refused before
    StreamingOutput pageByPage = out -> write(query, scope, first, out);
    return Response.ok(pageByPage, CSV + ";charset=UTF-8;header=present")
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"penstock-spend.csv\"");
  }

  /**
   * Nothing of the database is kept while a client reads, for as long as it likes. A file that
   * cannot be finished breaks off, so that nobody takes a part for the whole.
   */
  private void write(SpendQuery query, Scope scope, List<SpendRow> first, OutputStream out)
      throws IOException {
    Writer to = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    to.write(CsvText.line(SpendRow.columns(query.groupBy())));
    List<SpendRow> found = first;
    SpendQuery page = query;
    while (found.size() > AT_A_TIME) {
      write(to, found.subList(0, AT_A_TIME));
      page = page.after(found.get(AT_A_TIME - 1));
      found = next(page, scope);
    }
    write(to, found);
    to.flush();
  }

  private List<SpendRow> next(SpendQuery page, Scope scope) throws IOException {
    try {
      return rows.page(page, scope);
    } catch (SQLException e) {
      throw new IOException("rows of spend cannot be read", e);
    }
  }

  private static void write(Writer to, List<SpendRow> rows) throws IOException {
    for (SpendRow row : rows) {
      to.write(CsvText.line(row.values()));
    }
  }
}
