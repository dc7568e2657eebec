package io.clientele.embedded;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The environment of this process without addresses of other servers: these tests are about
 * starting them.
 */
final class TestEnvironment {
    private TestEnvironment() {}

    static Map<String, String> withoutAddresses() {
        return System.getenv().entrySet().stream()
                .filter(variable -> !variable.getKey().startsWith("CLIENTELE_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
