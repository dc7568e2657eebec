package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealmTest {
    @TempDir Path folder;

    @Test
    void everyProgramHasAClientAndAUserForEachRole() {
        Secrets secrets = Secrets.in(folder);

        String json = Realm.json("clientele", List.of("demo", "other"), secrets);

        for (String program : List.of("demo", "other")) {
            for (String role : Realm.ROLES) {
                String name = program + "-" + role;
                assertThat(json)
                        .containsOnlyOnce("\"clientId\": \"" + name + "\"")
                        .containsOnlyOnce("\"username\": \"" + name + "\"")
                        .containsOnlyOnce("\"serviceAccountClientId\": \"" + name + "\"")
                        .contains(secrets.find("client." + name).orElseThrow())
                        .contains(secrets.find("user." + name).orElseThrow());
            }
        }
        assertThat(json).doesNotContain("\"directAccessGrantsEnabled\": true");
    }
}
