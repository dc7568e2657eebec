package io.clientele.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumTest {
    @TempDir Path folder;

    @Test
    void takesTheNamedOneBeforeThatOnThePath() throws IOException {
        var named = program("my-browser");
        var onPath = program("chromium");

        var path = folder.toString();
        assertThat(Chromium.find(Map.of("PATH", path, "CLIENTELE_CHROMIUM", named.toString())))
                .contains(named);
        assertThat(Chromium.find(Map.of("PATH", path, "CLIENTELE_CHROMIUM", ""))).contains(onPath);
    }

    @Test
    void refusesANameThatIsNoProgram() {
        var missing = folder.resolve("missing").toString();

        assertThatThrownBy(() -> Chromium.find(Map.of("CLIENTELE_CHROMIUM", missing)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("CLIENTELE_CHROMIUM")
                .hasMessageContaining(missing);
    }

    private Path program(String name) throws IOException {
        return Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
