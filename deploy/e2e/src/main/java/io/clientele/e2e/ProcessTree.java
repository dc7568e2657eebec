package io.clientele.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a set of processes uses, with all that descend from them, read from {@code /proc}. Needs
 * Linux.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final double MIB = 1024.0;
    // Fixed by the kernel's interface to user space on every architecture that Linux runs Java on.
    private static final double TICKS_PER_SECOND = 100.0;

    /**
     * Memory of the set.
     *
     * @param mebibytes the sum
     * @param proportional true: pages shared by n processes count a n-th for each (PSS); false:
     *     each counts them whole (RSS)
     */
    record Memory(double mebibytes, boolean proportional) {}

    private ProcessTree() {}

    /** The given processes that live, and their living descendants, each once. */
    static Collection<ProcessHandle> of(Stream<ProcessHandle> roots) {
        var found = new LinkedHashMap<Long, ProcessHandle>();
        roots.forEach(root ->
                Stream.concat(Stream.of(root), root.descendants())
                        .filter(ProcessHandle::isAlive)
                        .forEach(process -> found.put(process.pid(), process)));
        return found.values();
    }

    /**
     * Seconds of processor time used since they began; that of children which have ended is with
     * their parents.
     */
    static double cpuSeconds(Collection<ProcessHandle> processes) {
        double sum = 0;
        for (var process : processes) {
            sum += cpuSeconds(process.pid());
        }
        return sum;
    }

    private static double cpuSeconds(long pid) {
        try {
            var stat =
                    Files.readString(
                            PROC.resolve(Long.toString(pid)).resolve("stat"),
                            StandardCharsets.ISO_8859_1);
            // The name, in parentheses, may hold anything; fields are counted after it.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException ended) {
            return 0;
        }
    }

    /** Memory of all of them. */
    static Memory memory(Collection<ProcessHandle> processes) {
        double pss = 0;
        boolean complete = true;
        for (var process : processes) {
            double one = kibibytes(process.pid(), "smaps_rollup", "Pss:");
            complete &= one >= 0 || !process.isAlive();
            pss += Math.max(0, one);
        }
        if (complete) {
            return new Memory(pss / MIB, true);
        }
        double rss = 0;
        for (var process : processes) {
            rss += Math.max(0, kibibytes(process.pid(), "status", "VmRSS:"));
        }
        return new Memory(rss / MIB, false);
    }

    /** Memory by process, largest unit KiB, for the table. */
    static Map<Long, Double> memoryOfEach(Collection<ProcessHandle> processes) {
        var each = new LinkedHashMap<Long, Double>();
        for (var process : processes) {
            each.put(
                    process.pid(),
                    Math.max(0, kibibytes(process.pid(), "smaps_rollup", "Pss:")) / MIB);
        }
        return each;
    }

    private static double kibibytes(long pid, String file, String field) {
        try {
            for (var line : Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve(file))) {
                if (line.startsWith(field)) {
                    var number = line.substring(field.length()).replace("kB", "").strip();
                    return Double.parseDouble(number);
                }
            }
            return -1;
        } catch (IOException unreadable) {
            return -1;
        }
    }
}
