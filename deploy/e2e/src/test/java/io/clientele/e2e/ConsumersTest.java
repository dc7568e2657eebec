package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads a topic reads committed records only: in the services, in our own tools and in the
 * examples of the documentation. {@link ReadCommittedIT} sees the same at run time.
 */
class ConsumersTest {
    private static final Set<String> SKIPPED =
            Set.of("target", "node_modules", ".git", ".clientele", "test");

    @Test
    void everyConsumerReadsCommittedRecordsOnly() {
        var consumers =
                sources(".java").stream()
                        .filter(it -> text(it).contains("new KafkaConsumer<"))
                        .toList();

        assertThat(consumers).hasSizeGreaterThanOrEqualTo(3);
        assertThat(consumers)
                .as("takes its settings from KafkaSettings.consumer(), or sets the level itself")
                .allMatch(it ->
                        text(it).contains(".consumer()")
                                || text(it).contains("\"read_committed\""));
        assertThat(
                        text(
                                Platforms.root()
                                        .resolve(
                                                "services/common/src/main/java/io/clientele/common/kafka/KafkaSettings.java")))
                .contains("ISOLATION_LEVEL_CONFIG, \"read_committed\"");
    }

    @Test
    void everyStreamsApplicationIsExactlyOnce() {
        var applications =
                sources(".java").stream()
                        .filter(it -> text(it).contains("new KafkaStreams("))
                        .toList();

        assertThat(applications).isNotEmpty();
        assertThat(applications)
                .as("exactly_once_v2 makes Streams read committed records only")
                .allMatch(it -> text(it).contains("EXACTLY_ONCE_V2"));
    }

    @Test
    void nobodyAsksForUncommittedRecords() {
        for (var ending : List.of(".java", ".properties", ".yaml", ".yml", ".md")) {
            assertThat(sources(ending)).noneMatch(it -> text(it).contains("read_uncommitted"));
        }
    }

    @Test
    void channelsAndExamplesReadCommittedRecordsOnly() {
        assertThat(sources(".properties"))
                .filteredOn(it -> text(it).contains("mp.messaging.incoming."))
                .allMatch(it -> text(it).contains("isolation.level=read_committed"));
        assertThat(sources(".md"))
                .filteredOn(it -> text(it).contains("kafka-console-consumer"))
                .allMatch(it -> text(it).contains("read_committed"));
    }

    private static List<Path> sources(String ending) {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(
                    Platforms.root(),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return SKIPPED.contains(folder.getFileName().toString())
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (file.toString().endsWith(ending)) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
