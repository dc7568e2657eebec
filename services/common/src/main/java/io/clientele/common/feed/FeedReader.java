package io.clientele.common.feed;

import java.io.IOException;

/** Takes a feed's records. Used by one thread. */
public interface FeedReader {
    /**
     * Takes a record.
     *
     * @param json an object that has at least one field
     * @param position where to go on after it; safe in JSON and in a URL as it is
     * @return whether more is wanted
     */
    boolean take(String json, String position) throws IOException;

    /**
     * There was nothing for a while.
     *
     * @param isAtEnd whether all that stood there at the start was taken
     * @return whether to go on
     */
    boolean pause(boolean isAtEnd) throws IOException;
}
