package io.clientele.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The realm of the platform as Keycloak imports it. Written as text: every name and secret in it is
 * of letters, digits, {@code -} and {@code _}, so nothing needs escaping.
 */
final class Realm {
    /** What a token may do, one role or several; see the table of routes in the documentation. */
    static final List<String> ROLES =
            List.of("ingest", "engine", "agent", "marketer", "analyst", "privacy", "admin");

    private Realm() {}

    static String json(String realm, List<String> programs, Secrets secrets) {
        List<String> clients = new ArrayList<>();
        List<String> users = new ArrayList<>();
        clients.add(console());
        for (String program : programs) {
            for (String role : ROLES) {
                String name = program + "-" + role;
                clients.add(
                        client(name, program, secrets.require(Secrets.clientName(program, role))));
                users.add(serviceAccount(name, role));
                users.add(person(name, program, role, secrets.require("user." + name)));
            }
        }
        return """
        {
          "realm": "%s",
          "enabled": true,
          "sslRequired": "none",
          "registrationAllowed": false,
          "resetPasswordAllowed": false,
          "editUsernameAllowed": false,
          "accessTokenLifespan": 1800,
          "eventsEnabled": false,
          "roles": {"realm": [%s]},
          "components": {"org.keycloak.userprofile.UserProfileProvider": [
            {"providerId": "declarative-user-profile", "config": {"kc.user.profile.config": ["%s"]}}]},
          "clients": [
        %s
          ],
          "users": [
        %s
          ]
        }
        """
                .formatted(
                        realm,
                        ROLES.stream()
                                .map(role -> "{\"name\": \"" + role + "\"}")
                                .collect(Collectors.joining(", ")),
                        userProfile().replace("\"", "\\\"").replace("\n", ""),
                        String.join(",\n", clients),
                        String.join(",\n", users));
    }

    /**
     * Only an administrator may set a user's program: who could set it could read another program's
     * members.
     */
    private static String userProfile() {
        return """
        {"attributes": [
        {"name": "username", "permissions": {"view": ["admin", "user"], "edit": ["admin"]}},
        {"name": "email", "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}},
        {"name": "firstName", "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}},
        {"name": "lastName", "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}},
        {"name": "program", "permissions": {"view": ["admin"], "edit": ["admin"]}}]}
        """;
    }

    private static final String AUDIENCE =
            """
            {"name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper", \
            "config": {"included.custom.audience": "clientele", "access.token.claim": "true", "id.token.claim": "false"}}\
            """;

    /** A program behind a secret: one role of one program. */
    private static String client(String name, String program, String secret) {
        return """
        {"clientId": "%1$s", "enabled": true, "publicClient": false, "secret": "%3$s", "serviceAccountsEnabled": true, \
        "standardFlowEnabled": false, "implicitFlowEnabled": false, "directAccessGrantsEnabled": false, \
        "protocolMappers": [%4$s, {"name": "program", "protocol": "openid-connect", \
        "protocolMapper": "oidc-hardcoded-claim-mapper", "config": {"claim.name": "program", "claim.value": "%2$s", \
        "jsonType.label": "String", "access.token.claim": "true", "id.token.claim": "false"}}]}\
        """
                .formatted(name, program, secret, AUDIENCE);
    }

    /**
     * Where people sign in: a page without a secret, guarded by PKCE. Keycloak ignores the port of
     * a loopback address.
     */
    private static String console() {
        return """
        {"clientId": "console", "enabled": true, "publicClient": true, "standardFlowEnabled": true, \
        "implicitFlowEnabled": false, "directAccessGrantsEnabled": false, \
        "redirectUris": ["http://localhost/*", "http://127.0.0.1/*"], "webOrigins": ["*"], \
        "attributes": {"pkce.code.challenge.method": "S256"}, \
        "protocolMappers": [%s, {"name": "program", "protocol": "openid-connect", \
        "protocolMapper": "oidc-usermodel-attribute-mapper", "config": {"user.attribute": "program", \
        "claim.name": "program", "jsonType.label": "String", "access.token.claim": "true", "id.token.claim": "true"}}]}\
        """
                .formatted(AUDIENCE);
    }

    private static String serviceAccount(String client, String role) {
        return """
        {"username": "service-account-%1$s", "enabled": true, "serviceAccountClientId": "%1$s", "realmRoles": ["%2$s"]}\
        """
                .formatted(client, role);
    }

    private static String person(String name, String program, String role, String password) {
        return """
        {"username": "%1$s", "enabled": true, "emailVerified": true, "email": "%1$s@example.org", "firstName": "%2$s", \
        "lastName": "%3$s", "attributes": {"program": ["%2$s"]}, "realmRoles": ["%3$s"], \
        "credentials": [{"type": "password", "value": "%4$s", "temporary": false}]}\
        """
                .formatted(name, program, role, password);
    }
}
