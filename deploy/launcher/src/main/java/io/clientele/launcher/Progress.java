package io.clientele.launcher;

/**
 * Where long work reports how far it is. {@link Terminal} shows it to a person; {@link #silent()}
 * is for programs.
 *
 * <p>One step is open at a time. A step may be advanced from any thread.
 */
public interface Progress {
    /**
     * Opens a step.
     *
     * @param title what is being done, such as {@code Starting servers}
     * @param maximum how many units the step has; 0 or less if unknown
     * @param unit what is counted, such as {@code rows}; empty if the number itself says nothing
     */
    Step step(String title, long maximum, String unit);

    /** One piece of long work. Closing it without {@link #finish} says that it ended early. */
    interface Step extends AutoCloseable {
        /** Says that {@code done} units are done, out of the maximum. */
        void advanceTo(long done);

        /** Corrects the maximum, once it is known better. */
        void maximum(long maximum);

        /** Says what is being worked at; shown beside the bar. */
        void note(String note);

        /** Ends the step well, with a few words on the outcome (may be empty). */
        void finish(String outcome);

        @Override
        void close();
    }

    /** Shows nothing. */
    static Progress silent() {
        return (title, maximum, unit) ->
                new Step() {
                    @Override
                    public void advanceTo(long done) {}

                    @Override
                    public void maximum(long newMaximum) {}

                    @Override
                    public void note(String note) {}

                    @Override
                    public void finish(String outcome) {}

                    @Override
                    public void close() {}
                };
    }
}
