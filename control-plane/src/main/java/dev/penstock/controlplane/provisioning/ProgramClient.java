package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.member.Member;
import java.util.List;
import java.util.Map;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;

/**
 * What a service account is in the realm: a client with credentials of its own and nothing else.
 */
final class ProgramClient {

  private static final String AUDIENCE = "penstock-dataplane";
  private static final String LIFESPAN_SECONDS = "300";

  private ProgramClient() {}

  static ClientRepresentation of(Member program) {
    ClientRepresentation client = new ClientRepresentation();
    client.setClientId(program.clientId());
    client.setName(program.name() + " of " + program.tenant());
    client.setProtocol("openid-connect");
    client.setEnabled(true);
    client.setPublicClient(false);
    client.setServiceAccountsEnabled(true);
    client.setStandardFlowEnabled(false);
    client.setImplicitFlowEnabled(false);
    client.setDirectAccessGrantsEnabled(false);
    client.setFullScopeAllowed(false);
    client.setAttributes(
        Map.of(
            Realm.TENANT_ATTRIBUTE, program.tenant(), "access.token.lifespan", LIFESPAN_SECONDS));
    // In every token, without being asked for: the user behind it is in one organization only.
    client.setDefaultClientScopes(List.of("basic", "organization"));
    client.setOptionalClientScopes(List.of());
    client.setProtocolMappers(List.of(audience()));
    return client;
  }

  private static ProtocolMapperRepresentation audience() {
    ProtocolMapperRepresentation mapper = new ProtocolMapperRepresentation();
    mapper.setName("audience of the gateway");
    mapper.setProtocol("openid-connect");
    mapper.setProtocolMapper("oidc-audience-mapper");
    mapper.setConfig(
        Map.of(
            "included.custom.audience", AUDIENCE,
            "access.token.claim", "true",
            "id.token.claim", "false",
            "introspection.token.claim", "true"));
    return mapper;
  }
}
