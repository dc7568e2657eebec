package io.clientele.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Servers of a platform that was killed: they are stopping by themselves; a new start waits for
 * them.
 */
final class Leftovers {
    private static final long LIMIT_SECONDS = 60;

    private Leftovers() {}

    /**
     * Returns when no process guarded from this folder lives, at the latest after a minute by
     * killing them; clears the folder.
     */
    static void await(Path run) {
        String mark = run.toString() + "/";
        List<ProcessHandle> guards =
                ProcessHandle.allProcesses()
                        .filter(process ->
                                arguments(process).anyMatch(argument -> argument.startsWith(mark)))
                        .toList();
        for (ProcessHandle guard : guards) {
            List<ProcessHandle> below = guard.descendants().toList();
            if (!ended(guard)) {
                below.forEach(ProcessHandle::destroyForcibly);
                guard.destroyForcibly();
                if (!ended(guard)) {
                    throw new EmbeddedServerException(
                            "process "
                                    + guard.pid()
                                    + " of an earlier start does not end: stop it");
                }
            }
        }
        PrivateFiles.deleteTree(run);
        PrivateFiles.folder(run);
    }

    private static Stream<String> arguments(ProcessHandle process) {
        Optional<String[]> arguments = process.info().arguments();
        return arguments.stream().flatMap(Stream::of);
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException(
                    "interrupted while waiting for servers of an earlier start", interrupted);
        } catch (ExecutionException impossible) {
            throw new AssertionError("onExit never fails", impossible);
        }
    }
}
