package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.admin.Page;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.FilteredList;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.MemoryList;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The price lists that this build ships. */
@Path("/api/v1/list-prices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "list-prices")
public class ListPriceResource {

  private static final Field NAME = Field.ofView("name", Type.TEXT);
  private static final List<SortKey> BY_NAME = List.of(SortKey.up(NAME));
  private static final List<Field> FIELDS = List.of(NAME, Field.ofView("host", Type.TEXT));

  private final ObjectMapper json;

  ListPriceResource(ObjectMapper json) {
    this.json = json;
  }

  /**
   * What a provider charges for one of its models.
   *
   * @param name the provider's
   * @param host of the provider's API
   * @param source the page that says so
   * @param asOf when it was read
   * @param prices as a model's manifest would state them
   */
  public record ListPrice(
      String name, String host, String source, LocalDate asOf, List<ObjectNode> prices) {}

  @GET
  @FilteredList
  @Operation(
      summary = "What providers charge by their own price lists, with source and date",
      description =
          "Used for deployments without a price of their own or their model's, at the provider's"
              + " own host.")
  public Page<ListPrice> listPrices(
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("sort") @Nullable String sort,
      @Context UriInfo uri) {
    ListQuery query =
        ListQuery.read(uri.getQueryParameters(), FIELDS, BY_NAME, Set.of(), Page.limit(limit));
    List<ListPrice> views =
        ListPrices.all().stream()
            .flatMap(listed ->
                listed.names().stream()
                    .map(name ->
                        new ListPrice(
                            name,
                            listed.host(),
                            listed.source(),
                            listed.asOf(),
                            PriceSpec.write(listed.prices()))))
            .toList();
    return Page.of(MemoryList.page(views, json::<JsonNode>valueToTree, query));
  }
}
