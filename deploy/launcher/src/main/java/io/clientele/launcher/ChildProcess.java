package io.clientele.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in the foreground: it shares this process's terminal and ends with it. */
final class ChildProcess {
    private ChildProcess() {}

    /**
     * Runs it to its end.
     *
     * @param environment added to the variables of this process
     * @return its exit status
     */
    static int run(List<String> command, Path folder, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            Thread hook = Thread.ofPlatform().name("stop-child").unstarted(() -> stop(process));
            Runtime.getRuntime().addShutdownHook(hook);
            int status = process.waitFor();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyStopping) {
                return status;
            }
            return status;
        } catch (IOException failed) {
            throw new LauncherException(
                    "Cannot run " + command.getFirst() + ": " + failed.getMessage() + ".", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LauncherException("Interrupted.", interrupted);
        }
    }

    /** Ends it and what it started, by force if it does not within 30 s. */
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
