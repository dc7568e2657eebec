package io.clientele.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/**
 * Stands between a client and a server, so that a test can cut the connection and restore it. While
 * cut, open connections are closed and new ones are closed as soon as they are made. Thread-safe;
 * two virtual threads a connection.
 */
public final class TcpProxy implements AutoCloseable {
    /** The one place that all class loaders of a JVM share. */
    private static final MBeanServer SHARED = ManagementFactory.getPlatformMBeanServer();

    private final ToIntFunction<String> control;

    private TcpProxy(ToIntFunction<String> control) {
        this.control = control;
    }

    /** A proxy on a free port of the loopback interface. */
    public static TcpProxy to(InetSocketAddress server) {
        return new TcpProxy(new Relay(server));
    }

    /** A proxy to a server on the loopback interface. */
    public static TcpProxy to(int port) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /**
     * A proxy that {@link #named} finds from any class loader of this JVM; the one of that name, if
     * there is one.
     */
    static TcpProxy register(String name, InetSocketAddress server) {
        // Not among the system properties: some libraries read them all, and take none but text.
        synchronized (Runtime.getRuntime()) {
            try {
                if (!SHARED.isRegistered(objectName(name))) {
                    SHARED.registerMBean(
                            new StandardMBean(new Relay(server), ToIntFunction.class),
                            objectName(name));
                }
            } catch (JMException failed) {
                throw new IllegalStateException("proxy " + name, failed);
            }
            return named(name);
        }
    }

    /**
     * The proxy of a test resource with the argument {@code proxied=true}.
     *
     * @throws IllegalStateException if there is none
     */
    public static TcpProxy named(String name) {
        ObjectName shared = objectName(name);
        if (!SHARED.isRegistered(shared)) {
            throw new IllegalStateException(
                    "no proxy " + name + ": give the test resource the argument proxied=true");
        }
        return new TcpProxy(command -> {
            try {
                return (int)
                        SHARED.invoke(
                                shared,
                                "applyAsInt",
                                new Object[] {command},
                                new String[] {Object.class.getName()});
            } catch (JMException failed) {
                throw new IllegalStateException("proxy " + name, failed);
            }
        });
    }

    private static ObjectName objectName(String name) {
        try {
            return new ObjectName("io.clientele.testkit:type=proxy,name=" + ObjectName.quote(name));
        } catch (JMException failed) {
            throw new IllegalArgumentException(name, failed);
        }
    }

    private int ask(String command) {
        return control.applyAsInt(command);
    }

    /** The port clients connect to. */
    public int port() {
        return ask("port");
    }

    /** Closes all connections and refuses new ones. */
    public void cut() {
        ask("cut");
    }

    /** Lets connections through again. */
    public void restore() {
        ask("restore");
    }

    /** How many connections were made since the start. */
    public int connections() {
        return ask("connections");
    }

    @Override
    public void close() {
        ask("close");
    }

    /** The part that all class loaders share, behind a type of the JDK. */
    private static final class Relay implements ToIntFunction<String> {
        private final InetSocketAddress server;
        private final ServerSocket door;
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private volatile boolean cut;
        private volatile int connections;

        Relay(InetSocketAddress server) {
            this.server = server;
            try {
                door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
            } catch (IOException failed) {
                throw new UncheckedIOException("no free port for a proxy", failed);
            }
            Thread.ofVirtual().name("proxy-door-" + door.getLocalPort()).start(this::accept);
        }

        @Override
        public synchronized int applyAsInt(String command) {
            switch (command) {
                case "cut" -> {
                    cut = true;
                    open.forEach(Relay::closeQuietly);
                }
                case "restore" -> cut = false;
                case "close" -> {
                    cut = true;
                    open.forEach(Relay::closeQuietly);
                    closeQuietly(door);
                }
                case "connections" -> {
                    return connections;
                }
                case "port" -> {
                    return door.getLocalPort();
                }
                default -> throw new IllegalArgumentException("no such command: " + command);
            }
            return 0;
        }

        private void accept() {
            while (!door.isClosed()) {
                try {
                    Socket client = door.accept();
                    Thread.ofVirtual()
                            .name("proxy-" + door.getLocalPort())
                            .start(() -> connect(client));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private void connect(Socket client) {
            Socket upstream = new Socket();
            open.add(client);
            open.add(upstream);
            try {
                if (cut) {
                    return;
                }
                connected();
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                upstream.connect(server, 5_000);
                if (cut) {
                    return;
                }
                Thread back =
                        Thread.ofVirtual()
                                .name("proxy-back-" + door.getLocalPort())
                                .start(() -> copy(upstream, client));
                copy(client, upstream);
                back.join();
            } catch (IOException gone) {
                // As the client sees it: the connection ends.
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } finally {
                closeQuietly(client);
                closeQuietly(upstream);
                open.remove(client);
                open.remove(upstream);
            }
        }

        private synchronized void connected() {
            connections++;
        }

        private static void copy(Socket from, Socket to) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                in.transferTo(out);
                to.shutdownOutput();
            } catch (IOException gone) {
                closeQuietly(from);
                closeQuietly(to);
            }
        }

        private static void closeQuietly(AutoCloseable socket) {
            try {
                socket.close();
            } catch (Exception gone) {
                // It is closed in any case.
                return;
            }
        }
    }
}
