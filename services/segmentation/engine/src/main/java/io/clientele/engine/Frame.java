package io.clientele.engine;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** One member at one instant. For one thread. */
final class Frame {
    final MemberHistory history;
    final ProgramModel model;
    final long at;
    private @Nullable ZoneId memberZone;

    Frame(MemberHistory history, ProgramModel model, long at) {
        this.history = history;
        this.model = model;
        this.at = at;
    }

    /** The same member at another instant. */
    Frame at(long other) {
        return new Frame(history, model, other);
    }

    /** The program's zone or the member's as known at this instant. */
    ZoneId zone(boolean member) {
        if (!member) {
            return model.zone();
        }
        ZoneId zone = memberZone;
        if (zone == null) {
            StoredVersion version = history.version(ProgramModel.MEMBER_ZONE, at);
            zone =
                    version != null && version.value() instanceof Value.Text name
                            ? Calendars.zone(name.original(), model.zone())
                            : model.zone();
            memberZone = zone;
        }
        return zone;
    }

    /** When the member's zone may change, or {@link Long#MAX_VALUE}. */
    long nextZone(boolean member) {
        return member ? history.nextVersion(ProgramModel.MEMBER_ZONE, at) : Long.MAX_VALUE;
    }

    long today(boolean member) {
        return Calendars.today(at, zone(member));
    }

    long startOfDay(long epochDay, boolean member) {
        return Calendars.startOfDay(epochDay, zone(member));
    }
}
