package io.clientele.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a service's JVM is called: small heaps that give memory back, so that everything fits beside
 * other work.
 */
final class JavaCommand {
    private JavaCommand() {}

    /** Program and arguments. */
    static List<String> of(Service service, Path root, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xms24m",
                        "-Xmx" + service.heapMiB() + "m",
                        "-Xss512k",
                        "-XX:MinHeapFreeRatio=15",
                        "-XX:MaxHeapFreeRatio=40",
                        "-XX:MaxMetaspaceSize=192m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dfile.encoding=UTF-8",
                        "-Duser.timezone=UTC",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        String more = environment.getOrDefault(service.javaOptionsVariable(), "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.add("-jar");
        command.add(service.runner(root).toString());
        return List.copyOf(command);
    }
}
