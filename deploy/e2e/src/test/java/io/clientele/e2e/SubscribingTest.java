package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SubscribingTest {
    /** What people copy from docs/subscribing.md is what the end-to-end test runs. */
    @Test
    void theDocumentShowsTheExampleThatIsTested() throws IOException {
        var document =
                Files.readString(
                        Platforms.root().resolve("docs/subscribing.md"), StandardCharsets.UTF_8);
        var source =
                Files.readString(
                        Platforms.root()
                                .resolve(
                                        "deploy/e2e/src/test/java/io/clientele/e2e/MembershipSubscriber.java"),
                        StandardCharsets.UTF_8);
        var shown =
                source.substring(source.indexOf("import "))
                        .replace(" The example of docs/subscribing.md, word for word.", "")
                        .strip();

        assertThat(document.replace("\r\n", "\n")).contains(shown);
    }
}
