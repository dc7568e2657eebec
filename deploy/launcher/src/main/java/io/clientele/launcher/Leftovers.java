package io.clientele.launcher;

import io.clientele.launcher.PlatformState.ProcessState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends the processes of a launcher that is gone. They normally end by themselves within seconds;
 * this is for the case that what guards them was ended as well.
 */
final class Leftovers {
    private static final Duration GRACE = Duration.ofSeconds(20);

    private Leftovers() {}

    /**
     * Ends what still runs of a platform whose launcher has ended: services first, then servers, by
     * force after 20 s each.
     *
     * @return the names of what was ended
     */
    static List<String> end(PlatformState state) {
        List<String> ended = new ArrayList<>();
        endAll(state.processes().stream().filter(ProcessState::service).toList(), ended);
        endAll(state.processes().stream().filter(process -> !process.service()).toList(), ended);
        return ended;
    }

    private static void endAll(List<ProcessState> processes, List<String> ended) {
        List<ProcessHandle> running = new ArrayList<>();
        for (ProcessState process : processes) {
            process.identity()
                    .running()
                    .ifPresent(handle -> {
                        ended.add(process.name());
                        running.add(handle);
                        handle.descendants().forEach(running::add);
                        handle.destroy();
                    });
        }
        if (!awaitEnd(running, GRACE)) {
            running.forEach(ProcessHandle::destroyForcibly);
            awaitEnd(running, GRACE);
        }
    }

    /** Whether all have ended within the limit. */
    static boolean awaitEnd(List<ProcessHandle> processes, Duration limit) {
        CompletableFuture<?>[] ends =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
