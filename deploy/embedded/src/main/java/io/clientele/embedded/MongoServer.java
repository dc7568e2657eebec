package io.clientele.embedded;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The MongoDB-compatible store: in memory when ephemeral, in one file when persistent. */
record MongoServer(Setup setup) implements Server {
    /**
     * Documents lie in the heap, some 5 KB each: it grows as far as a quarter of the machine's
     * memory. A collector that stops the store for each old document stops all of profile with it,
     * for 3 s where 180,000 documents were kept. G1 keeps at least 5 % of the heap for new objects
     * unless told otherwise, which with some gigabytes is too much to be collected in the time
     * allowed: the store stood still for a second every three. Most of what survives is a document
     * and stays, so it is copied once.
     */
    private static final List<String> IN_MEMORY =
            List.of(
                    "-XX:MaxRAMPercentage=25",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=100",
                    "-XX:+UnlockExperimentalVMOptions",
                    "-XX:G1NewSizePercent=1",
                    "-XX:MaxTenuringThreshold=1");

    private static final List<String> IN_A_FILE = List.of("-Xmx320m", "-XX:+UseSerialGC");

    @Override
    public ServerKind kind() {
        return ServerKind.MONGODB;
    }

    @Override
    public String address() {
        return "mongodb://127.0.0.1:" + setup.port();
    }

    @Override
    public int[] ports() {
        return new int[] {setup.port()};
    }

    @Override
    public void prepare() {
        PrivateFiles.deleteIfExists(readyFile());
    }

    @Override
    public ManagedProcess.Command command() {
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(setup.port()), readyFile().toString()));
        if (!setup.ephemeral()) {
            arguments.add(setup.home().resolve("documents.mv").toString());
        }
        return new ManagedProcess.Command(
                kind().folder(),
                setup.jars().command(setup.home(), jvmOptions(), "MongoProgram", arguments),
                Map.of(),
                setup.home(),
                setup.log(),
                setup.run(),
                setup.ephemeral() ? "KILL" : "TERM",
                Duration.ofSeconds(30));
    }

    private List<String> jvmOptions() {
        List<String> options = new ArrayList<>(setup.ephemeral() ? IN_MEMORY : IN_A_FILE);
        options.addAll(
                List.of(
                        "-Xms32m",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-Dio.netty.eventLoopThreads=4",
                        "-Dfile.encoding=UTF-8",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED"));
        return List.copyOf(options);
    }

    @Override
    public boolean isReady(ManagedProcess process) {
        return Files.exists(readyFile());
    }
}
