package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.CampaignError;
import io.clientele.campaignresponse.outbox.OutboxPublisher;
import io.clientele.common.feed.FeedReader;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A program's published contacts, each once, in the order of their sequence, from any position on.
 * A position is the sequence of the last contact that was read. Thread-safe.
 */
@ApplicationScoped
class ContactFeedService {
    /** Readers at the same time. */
    private static final int MOST_READERS = 64;

    private static final int PAGE = 500;

    /** What another instance publishes is seen this late at most. */
    private static final Duration POLL = Duration.ofMillis(500);

    private final ContactRepository repository;
    private final ProgramTransactions transactions;
    private final OutboxPublisher publisher;
    private final Semaphore readers = new Semaphore(MOST_READERS);
    private volatile boolean closed;

    @Inject
    ContactFeedService(
            ContactRepository repository,
            ProgramTransactions transactions,
            OutboxPublisher publisher) {
        this.repository = repository;
        this.transactions = transactions;
        this.publisher = publisher;
    }

    @PreDestroy
    void close() {
        closed = true;
    }

    /**
     * The position that {@code after} names; the beginning if it is absent.
     *
     * @throws RequestException 400 if it is none
     */
    static long position(@Nullable String after) {
        if (after == null || after.isBlank()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(after.strip());
        } catch (NumberFormatException e) {
            throw new RequestException(
                    CampaignError.POSITION_INVALID,
                    "after is the position of a line that this feed gave; this is none.");
        }
    }

    /**
     * Reads until the reader has enough, or this service ends.
     *
     * @throws TransientException if too many read already
     */
    void read(ProgramId program, long from, FeedReader reader) throws IOException {
        if (!readers.tryAcquire()) {
            throw new TransientException(
                    CommonError.UNAVAILABLE, "Too many readers of feeds at once.", null);
        }
        try {
            long position = from;
            while (!closed) {
                long after = position;
                var page =
                        transactions.call(
                                program.value(), () -> repository.feed(program, after, PAGE));
                for (var contact : page) {
                    position = contact.sequence();
                    if (!reader.take(contact.json(), Long.toString(position))) {
                        return;
                    }
                }
                if (page.size() < PAGE) {
                    if (!reader.pause(true)) {
                        return;
                    }
                    publisher.awaitPublished(POLL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.release();
        }
    }
}
