package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    @Test
    void countsTimeAndMemoryOfDescendants() throws IOException {
        // A shell whose child works for a while and stays.
        var shell =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "/bin/sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done;"
                                        + " echo done; cat' ; true")
                        .start();
        try (var output = shell.inputReader()) {
            assertThat(output.readLine()).isEqualTo("done");

            var tree = ProcessTree.of(Stream.of(shell.toHandle(), shell.toHandle()));

            assertThat(tree).hasSizeGreaterThanOrEqualTo(2);
            assertThat(ProcessTree.cpuSeconds(tree))
                    .isGreaterThan(ProcessTree.cpuSeconds(List.of(shell.toHandle())));
            assertThat(ProcessTree.memory(tree).mebibytes()).isBetween(0.1, 100.0);
        } finally {
            shell.getOutputStream().close();
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
