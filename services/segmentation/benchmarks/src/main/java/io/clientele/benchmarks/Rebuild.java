package io.clientele.benchmarks;

import io.clientele.engine.ProgramModel;

/** Fills an engine from a stream of members and events in the order of time, on one thread. */
final class Rebuild {
    private final World world;
    private final Report report;

    Rebuild(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    /** Fills and reports how fast. */
    EngineSide run(ProgramModel model) {
        EngineSide engine = EngineSide.create(model);
        long begin = System.nanoTime();
        engine.addMembers(world);
        long withMembers = System.nanoTime();
        engine.addPurchases(world.purchases, 0, world.purchases.count());
        engine.publish();
        long ready = System.nanoTime();
        report.figure(
                "rebuild.membersPerSecondPerCore",
                world.members / ((withMembers - begin) / 1e9),
                "/s",
                "members with their attributes into an empty engine");
        report.atLeast(
                "rebuild.eventsPerSecondPerCore",
                world.purchases.count() / ((ready - withMembers) / 1e9),
                1_000_000,
                "/s",
                "events after them, until all can be asked about");
        report.atMost(
                "memory.bytesPerEvent",
                engine.retained().events() / (double) world.purchases.count(),
                16,
                "bytes",
                "a purchase with amount, category, store, channel");
        return engine;
    }
}
