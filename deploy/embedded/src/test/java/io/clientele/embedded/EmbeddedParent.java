package io.clientele.embedded;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;

/**
 * A process that starts servers (with a data folder and a port all, without arguments two ephemeral
 * ones) and waits to be killed. Prints the data folder and the process ids.
 */
final class EmbeddedParent {
    private EmbeddedParent() {}

    public static void main(String[] arguments) throws InterruptedException {
        Options options =
                arguments.length > 0
                        ? Options.persistent(Path.of(arguments[0]), Integer.parseInt(arguments[1]))
                        : Options.ephemeral()
                                .servers(EnumSet.of(ServerKind.MONGODB, ServerKind.POSTGRES));
        EmbeddedServers servers =
                EmbeddedServers.start(options.environment(TestEnvironment.withoutAddresses()));
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println(servers.data());
        servers.running().values().forEach(server -> out.println(server.pid()));
        out.println("running");
        new CountDownLatch(1).await();
    }
}
