package io.clientele.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds in a log what a person would look for first. */
final class LogTail {
    private static final int READ_BYTES = 64 * 1_024;

    private LogTail() {}

    /**
     * The last line that tells of an error, else the last line, as {@code ; it says: ...}; a full
     * stop if there is none.
     */
    static String lastError(Path log) {
        List<String> lines = tail(log);
        for (String line : lines.reversed()) {
            if (line.contains("ERROR")
                    || line.startsWith("Caused by:")
                    || line.startsWith("Exception in thread")) {
                return "; it says: " + line.strip();
            }
        }
        return lines.isEmpty() ? "." : "; it says: " + lines.getLast().strip();
    }

    private static List<String> tail(Path log) {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - READ_BYTES));
            var buffer = java.nio.ByteBuffer.allocate(READ_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
