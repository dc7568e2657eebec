package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {
    @TempDir Path folder;

    @Test
    void saysWhichAreThere() throws IOException {
        Files.createDirectories(folder.resolve("cdnow"));
        Files.writeString(folder.resolve("cdnow/cdnow_master.csv.gz"), "x");

        var sets =
                new DataSets(Path.of("anywhere"), Map.of("CLIENTELE_DATASETS", folder.toString()));

        assertThat(sets.found()).containsExactly("cdnow");
        assertThat(sets.missing()).containsExactly("online-retail");
    }

    @Test
    void looksBesideTheProjectUnlessAFolderIsNamed() {
        var sets = new DataSets(folder.resolve("project"), Map.of("CLIENTELE_DATASETS", ""));

        assertThat(sets.folder()).isEqualTo(folder.resolve("shared/data"));
    }
}
