package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentFilesTest {
    @TempDir Path parent;

    @Test
    void everyServiceAndServerFindsItsSecrets() throws IOException {
        Path folder = parent.resolve("secrets");

        DeploymentFiles.write(folder, Options.ephemeral().programs(List.of("acme")));

        Secrets secrets = Secrets.in(folder);
        for (String database : Options.ephemeral().databases()) {
            String owner = secrets.find("postgres." + database + "_owner").orElseThrow();
            String own = secrets.find("postgres." + database).orElseThrow();
            var lines = Files.readAllLines(folder.resolve(database.replace('_', '-') + ".env"));
            var passwords =
                    List.of(
                            "CLIENTELE_POSTGRES_OWNER_PASSWORD=" + owner,
                            "CLIENTELE_POSTGRES_PASSWORD=" + own);
            if (database.equals("segmentation")) {
                assertThat(lines)
                        .containsExactly(
                                "CLIENTELE_CLIENT_SECRET_ACME_MARKETER="
                                        + secrets.find("client.acme-marketer").orElseThrow(),
                                passwords.get(0),
                                passwords.get(1));
            } else {
                assertThat(lines).isEqualTo(passwords);
            }
            assertThat(Files.readString(folder.resolve("postgresql.sql")))
                    .containsSubsequence(
                            "\\connect postgres\n",
                            "CREATE ROLE %s_owner LOGIN PASSWORD '%s';\n"
                                    .formatted(database, owner),
                            "CREATE ROLE %s LOGIN PASSWORD '%s';\n".formatted(database, own),
                            "\\connect " + database + "\n",
                            "REVOKE ALL ON SCHEMA public FROM PUBLIC;\n");
        }
        String mongodb = secrets.find("mongodb.clientele").orElseThrow();
        assertThat(Files.readAllLines(folder.resolve("profile.env")))
                .containsExactly(
                        "CLIENTELE_IDENTITY_KEY=" + secrets.find("identity-key").orElseThrow(),
                        "CLIENTELE_MONGODB_URL=mongodb://clientele:%s@mongodb:27017/?authSource=admin"
                                .formatted(mongodb));
        assertThat(Files.readAllLines(folder.resolve("mongodb.env")))
                .containsExactly(
                        "MONGO_INITDB_ROOT_PASSWORD=" + mongodb,
                        "MONGO_INITDB_ROOT_USERNAME=clientele");
        assertThat(Files.readString(folder.resolve("keycloak.env")))
                .contains(
                        "KC_BOOTSTRAP_ADMIN_PASSWORD="
                                + secrets.find("keycloak.admin").orElseThrow());
        assertThat(Files.readString(folder.resolve("clientele-realm.json")))
                .contains("\"clientId\": \"acme-admin\"")
                .doesNotContain("demo-admin");
    }

    @Test
    void onlyTheOwnerEntersTheFolderAndASecondRunChangesNothing() throws IOException {
        Path folder = parent.resolve("secrets");
        DeploymentFiles.write(folder, Options.ephemeral());
        String first = contents(folder);

        DeploymentFiles.write(folder, Options.ephemeral());

        assertThat(contents(folder)).isEqualTo(first);
        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("profile.env"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String contents(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                all.append(file.getFileName()).append('\n').append(Files.readString(file));
            }
        }
        return all.toString();
    }
}
