package io.clientele.gateway.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way: counts bytes, tells when they move, and breaks off past its limit. Buffers
 * nothing. Used on the event loop of its request only.
 */
final class MeteredBody implements ReadStream<Buffer> {
    private final ReadStream<Buffer> body;
    private final long limit;
    private final Runnable moved;
    private @Nullable Handler<Throwable> failureHandler;
    private @Nullable Handler<Void> endHandler;
    private long bytes;
    private boolean isPaused;
    private boolean isEnded;
    private boolean isOverLimit;
    private boolean isDiscarding;

    /**
     * @param limit most bytes, or {@link Long#MAX_VALUE}
     * @param moved called whenever bytes, or the end, have come
     */
    MeteredBody(ReadStream<Buffer> body, long limit, Runnable moved) {
        this.body = body;
        this.limit = limit;
        this.moved = moved;
        body.endHandler(end -> ended());
        body.exceptionHandler(this::failed);
    }

    /** Bytes passed on so far. */
    long bytes() {
        return bytes;
    }

    /** True once the whole body has come, or broken off. */
    boolean isEnded() {
        return isEnded;
    }

    /** True while the reader does not want more: not the sender's fault if nothing moves. */
    boolean isPaused() {
        return isPaused;
    }

    /** True if the body was longer than its limit. */
    boolean isOverLimit() {
        return isOverLimit;
    }

    /** Reads on without a reader, so that the sender comes to its end and reads the answer. */
    void discard() {
        isDiscarding = true;
        if (!isEnded) {
            body.handler(data -> moved.run());
            body.resume();
        }
    }

    private void ended() {
        isEnded = true;
        moved.run();
        if (endHandler != null && !isDiscarding) {
            endHandler.handle(null);
        }
    }

    private void failed(Throwable failure) {
        isEnded = true;
        if (failureHandler != null) {
            failureHandler.handle(failure);
        }
    }

    private void pass(Handler<Buffer> reader, Buffer data) {
        if (isDiscarding) {
            return;
        }
        bytes += data.length();
        moved.run();
        if (bytes <= limit) {
            reader.handle(data);
            return;
        }
        isOverLimit = true;
        discard();
        if (failureHandler != null) {
            failureHandler.handle(new BodyTooLargeException(limit));
        }
    }

    @Override
    public MeteredBody handler(@Nullable Handler<Buffer> reader) {
        if (isDiscarding) {
            return this;
        }
        body.handler(reader == null ? null : data -> pass(reader, data));
        return this;
    }

    @Override
    public MeteredBody pause() {
        if (!isDiscarding) {
            isPaused = true;
            body.pause();
        }
        return this;
    }

    @Override
    public MeteredBody resume() {
        isPaused = false;
        body.resume();
        return this;
    }

    @Override
    public MeteredBody fetch(long amount) {
        isPaused = false;
        body.fetch(amount);
        return this;
    }

    @Override
    public MeteredBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        failureHandler = handler;
        return this;
    }

    @Override
    public MeteredBody endHandler(@Nullable Handler<Void> handler) {
        endHandler = handler;
        return this;
    }

    /** The body is longer than the route allows. */
    static final class BodyTooLargeException extends RuntimeException {
        BodyTooLargeException(long limit) {
            super("the body has more than " + limit + " bytes", null, false, false);
        }
    }
}
