package io.clientele.profile.watermark;

import java.util.Map;

/** Where the logs and the readers stand, by partition. Each call asks the broker. */
public interface Offsets {
    /**
     * The ends of the log of received events: everything that ingestion has been acknowledged
     * before the call stands before them.
     */
    Map<Integer, Long> receivedEnds() throws InterruptedException;

    /** The offsets before which resolve has committed everything; none: nothing was committed. */
    Map<Integer, Long> resolveCommitted() throws InterruptedException;

    /** The first offsets that the log of received events still holds. */
    Map<Integer, Long> receivedStarts() throws InterruptedException;

    /**
     * The ends of the log of resolved events: what resolve committed before the call stands before
     * them.
     */
    Map<Integer, Long> resolvedEnds() throws InterruptedException;
}
