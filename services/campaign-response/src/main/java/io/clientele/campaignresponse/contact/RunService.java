package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.CampaignRepository;
import io.clientele.campaignresponse.member.MemberRepository;
import io.clientele.campaignresponse.outbox.OutboxPublisher;
import io.clientele.campaignresponse.program.Programs;
import io.clientele.common.kafka.Backoff;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Contacts who is inside: at the instant of a campaign that has one, at the start of one that
 * includes who is there. In pages, each with the place it came to in one transaction, so that a
 * process that ends goes on where it was. A run waits until all is applied that was published
 * before it was due: who is inside by then is not missed.
 */
@ApplicationScoped
public class RunService {
    private static final Logger LOG = Logger.getLogger(RunService.class);
    private static final int PAGE = 1_000;
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final CampaignRepository campaigns;
    private final MemberRepository members;
    private final ContactService contacts;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final OutboxPublisher publisher;
    private final Clock clock;
    private final Semaphore end = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("campaign-runs").daemon().unstarted(this::run);
    private Supplier<Instant> applied = () -> Instant.EPOCH;
    private volatile boolean closed;

    @Inject
    RunService(
            CampaignRepository campaigns,
            MemberRepository members,
            ContactService contacts,
            ProgramTransactions transactions,
            Programs programs,
            OutboxPublisher publisher,
            Clock clock) {
        this.campaigns = campaigns;
        this.members = members;
        this.contacts = contacts;
        this.transactions = transactions;
        this.programs = programs;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Starts, once; the registry must be there.
     *
     * @param applied the instant before which everything that was published is applied
     */
    public void start(Supplier<Instant> applied) {
        this.applied = applied;
        thread.start();
    }

    @PreDestroy
    void close() {
        closed = true;
        end.release();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var pause = Backoff.standard();
        while (!closed) {
            try {
                for (var program : programs.all()) {
                    while (!closed && page(program)) {
                        publisher.call();
                    }
                }
                pause.reset();
                if (end.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warnf("a campaign's run waits, trying again reason=%s", e);
                if (!pause.sleep(() -> closed)) {
                    return;
                }
            }
        }
    }

    /** Decides for one page of members; says whether there was one. */
    private boolean page(ProgramId program) {
        return transactions.call(
                program.value(),
                () -> {
                    var campaign = campaigns.due(program, clock.instant()).orElse(null);
                    var run = campaign == null ? null : campaign.run();
                    if (campaign == null || run == null) {
                        return false;
                    }
                    if (run.after() == null && applied.get().isBefore(run.due())) {
                        return false;
                    }
                    var page =
                            members.membersOf(
                                    program, campaign.draft().segments(), run.after(), PAGE);
                    var occasions = new ArrayList<Occasion>();
                    MemberId last = null;
                    for (var one : page.entrySet()) {
                        last = one.getKey();
                        occasions.add(
                                new Occasion(last, one.getValue(), run.kind() + ":" + run.due()));
                    }
                    if (!occasions.isEmpty()) {
                        contacts.decide(program, campaign, occasions);
                    }
                    boolean ended = last == null || page.size() < PAGE;
                    campaigns.run(
                            campaign,
                            ended
                                    ? null
                                    : new Campaign.Run(
                                            run.kind(), run.due(), String.valueOf(last)));
                    if (ended) {
                        LOG.infof("run ended campaign=%s kind=%s", campaign.key(), run.kind());
                    }
                    return true;
                });
    }
}
