package io.clientele.embedded.servers;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/**
 * The MongoDB-compatible store: in memory, or in one file. It knows no users; it listens on the
 * loopback interface only.
 */
public final class MongoProgram {
    private MongoProgram() {}

    /**
     * Runs until it is told to stop by a signal.
     *
     * @param arguments the port, the file to write when ready, and the file to keep data in;
     *     without one, they stay in memory
     */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        MongoServer server =
                new MongoServer(
                        arguments.length > 2
                                ? fileBackend(Path.of(arguments[2]))
                                : new MemoryBackend());
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "mongo-shutdown"));
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Ready.announce(Path.of(arguments[1]));
    }

    private static DurableBackend fileBackend(Path file) {
        MVStore store = new MVStore.Builder().fileName(file.toString()).cacheSize(32).open();
        return new DurableBackend(store);
    }
}
