package io.clientele.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.platform.PlatformException;
import io.clientele.simulator.world.World;
import java.time.InstantSource;
import java.util.Locale;

/**
 * From an empty program to a report: attributes and segments, the simulated year, a campaign, a
 * live minute, and what came of it. Runs on the caller's thread.
 */
public final class Demo {
    private final World world;
    private final PlatformClient admin;
    private final PlatformClient ingest;
    private final PlatformClient engine;
    private final InstantSource clock;
    private final Screen screen;

    /** Does nothing yet; the clients are of one program, each in the role of its name. */
    public Demo(
            World world,
            PlatformClient admin,
            PlatformClient ingest,
            PlatformClient engine,
            InstantSource clock,
            Screen screen) {
        this.world = world;
        this.admin = admin;
        this.ingest = ingest;
        this.engine = engine;
        this.clock = clock;
        this.screen = screen;
    }

    /**
     * Runs it.
     *
     * @param livesOn true: after the report the members live on, until the process is ended
     * @throws PlatformException if the platform does not do as it should
     */
    public void run(boolean livesOn) {
        requireEmpty();
        DemoSegments segments = DemoSegments.load();
        segments.declare(admin);
        screen.note(
                String.format(
                        Locale.ROOT,
                        "%d segments are declared; a year with %,d members comes in, seed %d",
                        segments.segments().size(),
                        world.members(),
                        world.seed()));
        new Loading(world, segments, admin, ingest, screen).run();
        DemoReport report = new DemoReport(world, segments, admin, engine, clock, screen);
        report.begin();
        DemoSegments.Campaign campaign = segments.campaign();
        admin.put("/v1/campaigns/" + campaign.key(), campaign.definition()).require(200, 201);
        admin.post("/v1/campaigns/" + campaign.key() + "/start", Json.tree("{}"))
                .require(200, 202, 204);
        try (LiveMinute minute = new LiveMinute(world, ingest, engine, clock, screen)) {
            minute.run();
            report.print(minute.truth());
            if (livesOn) {
                screen.note("The members live on. Ctrl-C ends it.");
                minute.liveOn();
            }
        }
    }

    private void requireEmpty() {
        JsonNode everyone = Json.tree("{\"all\":[]}");
        long members = admin.count(everyone);
        if (members > 0) {
            throw new PlatformException(
                    "The demo needs a program without members, and this one has "
                            + members
                            + ". Leave out --data, or name a new folder.");
        }
    }
}
