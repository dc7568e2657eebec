package io.clientele.segmentation.membership;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sees to it that the history of memberships has a partition for the coming year before it comes.
 * Several instances may do so at once. Without it nothing is lost: what has no partition of its own
 * is in the default one.
 */
@ApplicationScoped
class MembershipPartitions {
    private static final Logger LOG = Logger.getLogger(MembershipPartitions.class);
    private static final int FIRST_MINUTES = 2;
    private static final int MINUTES = 12 * 60;

    private final AgroalDataSource dataSource;
    private final Clock clock;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("membership-partitions").daemon().factory());

    @Inject
    MembershipPartitions(AgroalDataSource dataSource, Clock clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        // What the migration made is enough for a while: nothing waits for it.
        var unused =
                looks.scheduleWithFixedDelay(
                        this::makeComing, FIRST_MINUTES, MINUTES, TimeUnit.MINUTES);
    }

    @PreDestroy
    void close() {
        looks.shutdownNow();
    }

    private void makeComing() {
        int year = clock.instant().atZone(ZoneOffset.UTC).getYear() + 1;
        try {
            make(year);
        } catch (IllegalStateException e) {
            LOG.warnf(e, "The partition of %d could not be made; tried again later", year);
        }
    }

    /**
     * Makes the partition of the stays that begin in a year, UTC, unless it is there.
     *
     * @throws IllegalStateException if PostgreSQL refuses
     */
    void make(int year) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement("select membership_partition(?)")) {
            statement.setInt(1, year);
            boolean unused = statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL made no partition of " + year, e);
        }
    }
}
