package io.clientele.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What reporting sends to whoever watches: Server-Sent Events, each when the test says so. */
final class LiveFeed implements FakeService.Behavior, AutoCloseable {
    private static final String END = "";

    private final List<BlockingQueue<String>> watchers = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();

    @Override
    public void handle(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        var queue = new LinkedBlockingQueue<String>();
        watchers.add(queue);
        opened.incrementAndGet();
        try {
            // A comment each second tells the end of a watcher who says nothing.
            for (String next = ":\n\n"; !END.equals(next); next = queue.poll(1, TimeUnit.SECONDS)) {
                out.write((next == null ? ":\n\n" : next).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } finally {
            watchers.remove(queue);
        }
    }

    int watchers() {
        return watchers.size();
    }

    /** How many streams have begun so far. */
    int opened() {
        return opened.get();
    }

    void send(String type, String data) {
        watchers.forEach(queue -> queue.add("event: " + type + "\ndata: " + data + "\n\n"));
    }

    /** Ends all streams, and those that begin later at their next event. */
    @Override
    public void close() {
        watchers.forEach(queue -> queue.add(END));
    }
}
