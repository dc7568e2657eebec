package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir Path home;

    @Test
    void refusesASecondPlatformOnTheSameFolder() {
        try (var first = new DataFolder(home)) {
            first.lock();

            assertThatThrownBy(() -> new DataFolder(home).lock())
                    .isInstanceOf(LauncherException.class)
                    .hasMessageStartingWith("A platform already runs with the data folder " + home)
                    .hasMessageContaining("./clientele down");
        }
    }

    @Test
    void isFreeAgainAfterClose() {
        try (var first = new DataFolder(home)) {
            first.lock();
        }

        try (var second = new DataFolder(home)) {
            assertThatCode(second::lock).doesNotThrowAnyException();
        }
    }

    @Test
    void givesEachEphemeralPlatformAPlaceOfItsOwn() {
        assertThat(DataFolder.below(home, true, 9000).path())
                .isEqualTo(home.resolve("ephemeral/9000"));
        assertThat(DataFolder.below(home, false, 9000).path()).isEqualTo(home);
    }

    @Test
    void keepsTheLogsOfTheLastRunsAndDropsOlderOnes() throws IOException {
        try (var folder = new DataFolder(home)) {
            folder.lock();
            for (int run = 1; run <= 7; run++) {
                folder.rotateLogs();
                Files.writeString(folder.logs().resolve("profile.log"), "run " + run);
            }

            try (var logs = Files.list(folder.logs())) {
                assertThat(logs.map(log -> log.getFileName().toString()))
                        .containsExactlyInAnyOrder(
                                "profile.log",
                                "profile.1.log",
                                "profile.2.log",
                                "profile.3.log",
                                "profile.4.log");
            }
            assertThat(folder.logs().resolve("profile.log")).hasContent("run 7");
            assertThat(folder.logs().resolve("profile.4.log")).hasContent("run 3");
        }
    }

    @Test
    void deletesDataButNotLogs() throws IOException {
        try (var folder = new DataFolder(home)) {
            folder.lock();
            Files.createDirectories(folder.services().resolve("profile/deep"));
            Files.writeString(folder.services().resolve("profile/deep/file"), "x");
            Files.writeString(folder.logs().resolve("profile.log"), "x");

            folder.deleteData();

            assertThat(folder.services()).doesNotExist();
            assertThat(folder.logs().resolve("profile.log")).exists();
        }
    }
}
