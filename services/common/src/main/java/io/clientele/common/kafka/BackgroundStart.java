package io.clientele.common.kafka;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;
import org.jboss.logging.Logger;

/**
 * What happens beside a service's first requests, in this order: its topics are created, others'
 * are waited for, then the work begins. Tried again without end while Kafka is away or the registry
 * is not read.
 */
@ApplicationScoped
public class BackgroundStart {
    private static final Logger LOG = Logger.getLogger(BackgroundStart.class);

    private final TopicCreator topics;
    private final KafkaSettings settings;
    private volatile boolean closed;

    @Inject
    BackgroundStart(TopicCreator topics, KafkaSettings settings) {
        this.topics = topics;
        this.settings = settings;
    }

    /** The last step. */
    @FunctionalInterface
    public interface Work {
        /**
         * Reads the registry, then starts what needs it.
         *
         * @return false if the registry was not read in time: all is tried again
         */
        boolean begin() throws InterruptedException;
    }

    /**
     * Begins, in a thread of its own; to be called once.
     *
     * @param created topics to create where they are missing
     * @param awaited names of topics that other services create
     * @param work what follows
     */
    public void begin(Collection<NewTopic> created, Set<String> awaited, Work work) {
        var own = List.copyOf(created);
        var others = Set.copyOf(awaited);
        var unused =
                Thread.ofPlatform().name("start-up").daemon().start(() -> run(own, others, work));
    }

    @PreDestroy
    void close() {
        closed = true;
    }

    private void run(List<NewTopic> created, Set<String> awaited, Work work) {
        var pause = Backoff.standard();
        while (!closed) {
            try {
                topics.create(created);
                if (awaitTopics(awaited, pause) && work.begin()) {
                    return;
                }
                LOG.warn("the registry could not be read in time; it is waited for");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IllegalStateException e) {
                LOG.warnf("start waits for Kafka reason=%s", e.getMessage());
            }
            if (!pause.sleep(() -> closed)) {
                return;
            }
        }
    }

    /** False if the service ends meanwhile. */
    private boolean awaitTopics(Set<String> awaited, Backoff pause) throws InterruptedException {
        if (awaited.isEmpty()) {
            return true;
        }
        try (var admin = settings.admin()) {
            while (!closed) {
                if (admin.listTopics().names().get().containsAll(awaited)) {
                    return true;
                }
                LOG.infof("waiting for topics=%s", awaited);
                if (!pause.sleep(() -> closed)) {
                    return false;
                }
            }
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics could not be listed", e.getCause());
        }
    }
}
