package io.clientele.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What processes use of the machine.
 *
 * @param cpu processor time since they started, of all cores together; to the hundredth of a second
 * @param memoryBytes main memory. Where the system tells (Linux), pages that several processes
 *     share are divided among them, so that sums are right; elsewhere they count for each
 * @param processes how many processes
 */
public record ProcessUsage(Duration cpu, long memoryBytes, int processes) {
    private static final long MIB = 1L << 20;

    /** Nothing. */
    static final ProcessUsage NONE = new ProcessUsage(Duration.ZERO, 0, 0);

    /**
     * What a process and all below it use now; nothing if it does not run. Costs about 1 ms a
     * process.
     */
    public static ProcessUsage ofTree(long pid) {
        return ProcessHandle.of(pid)
                .map(root -> ofAll(Stream.concat(Stream.of(root), root.descendants()).toList()))
                .orElse(NONE);
    }

    private static ProcessUsage ofAll(List<ProcessHandle> handles) {
        Duration cpu = Duration.ZERO;
        long memory = 0;
        for (ProcessHandle handle : handles) {
            cpu = cpu.plus(handle.info().totalCpuDuration().orElse(Duration.ZERO));
            memory += memoryBytes(handle.pid());
        }
        return new ProcessUsage(cpu, memory, handles.size());
    }

    /** The memory in MiB, rounded up. */
    public long memoryMiB() {
        return (memoryBytes + MIB - 1) / MIB;
    }

    private static long memoryBytes(long pid) {
        Path shares = Path.of("/proc", Long.toString(pid), "smaps_rollup");
        try {
            if (Files.isReadable(shares)) {
                return kibibytes(Files.readAllLines(shares, StandardCharsets.US_ASCII), "Pss:");
            }
        } catch (IOException endedMeanwhile) {
            return 0;
        }
        return residentByPs(pid);
    }

    /** The figure of a line such as {@code Pss: 1234 kB}, in bytes; 0 if there is no such line. */
    static long kibibytes(List<String> lines, String key) {
        for (String line : lines) {
            if (line.startsWith(key)) {
                String number = line.substring(key.length()).replace("kB", "").strip();
                return Long.parseLong(number) * 1_024;
            }
        }
        return 0;
    }

    private static long residentByPs(long pid) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String text =
                    new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                            .strip();
            return ps.waitFor(5, TimeUnit.SECONDS) && !text.isEmpty()
                    ? Long.parseLong(text) * 1_024
                    : 0;
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
