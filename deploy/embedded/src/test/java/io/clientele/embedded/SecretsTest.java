package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir Path folder;

    @Test
    void makesASecretOnceAndKeepsItForItsOwnerOnly() throws IOException {
        String made = Secrets.in(folder).require("client.demo-admin");

        Secrets again = Secrets.in(folder);

        assertThat(Base64.getUrlDecoder().decode(made)).hasSize(32);
        assertThat(again.require("client.demo-admin")).isEqualTo(made);
        assertThat(again.find("client.demo-admin")).hasValue(made);
        assertThat(again.require("client.other-admin")).isNotEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(again.file())))
                .isEqualTo("rw-------");
    }

    @Test
    void everyFolderGetsItsOwn() {
        String one =
                Secrets.in(PrivateFiles.folder(folder.resolve("one"))).require("kafka.clientele");
        String two =
                Secrets.in(PrivateFiles.folder(folder.resolve("two"))).require("kafka.clientele");

        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void clientSecretComesFromItsVariableElseFromTheFile() {
        Secrets secrets = Secrets.in(folder);
        String kept = secrets.require(Secrets.clientName("demo", "admin"));
        Map<String, String> environment =
                Map.of(
                        Secrets.ENVIRONMENT_KEY,
                        secrets.file().toString(),
                        "CLIENTELE_CLIENT_SECRET_MY_SHOP_INGEST",
                        "given");

        assertThat(Secrets.clientSecret(environment, "demo", "admin")).hasValue(kept);
        assertThat(Secrets.clientSecret(environment, "my-shop", "ingest")).hasValue("given");
        assertThat(Secrets.clientSecret(environment, "demo", "nobody")).isEmpty();
    }
}
