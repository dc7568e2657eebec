package io.clientele.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test during which an ERROR was logged that {@link Expect} does not announce:
 * {@code @ExtendWith(LogCheck.class)}. {@link #errorsIn} does the same for the log of another
 * process.
 */
public final class LogCheck implements BeforeEachCallback, AfterEachCallback {
    /** Errors that a test, or all tests of a class, provoke. */
    @Target({ElementType.METHOD, ElementType.TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Expect {
        /**
         * Regular expressions; a record is expected when one is found in its logger's name, message
         * or thrown exception.
         */
        String[] value();
    }

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LogCheck.class);
    private static final Pattern ERROR_LINE =
            Pattern.compile("\\sERROR\\s|\"level\"\\s*:\\s*\"ERROR\"|\\sFATAL\\s");

    @Override
    public void beforeEach(ExtensionContext context) {
        Recorder recorder = new Recorder();
        Logger.getLogger("").addHandler(recorder);
        context.getStore(NAMESPACE).put("recorder", recorder);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Recorder recorder = context.getStore(NAMESPACE).remove("recorder", Recorder.class);
        if (recorder == null) {
            return;
        }
        Logger.getLogger("").removeHandler(recorder);
        List<Pattern> expected =
                Stream.of(context.getElement(), context.getTestClass())
                        .flatMap(element ->
                                AnnotationSupport.findAnnotation(element, Expect.class).stream())
                        .flatMap(expect -> Stream.of(expect.value()))
                        .map(Pattern::compile)
                        .toList();
        List<String> unexpected = unexpected(recorder.errors, expected);
        if (!unexpected.isEmpty()) {
            throw new AssertionError(
                    "unexpected errors were logged:\n" + String.join("\n", unexpected));
        }
    }

    /**
     * The lines of level ERROR in a log, plain or JSON, in which none of {@code expected} is found.
     */
    public static List<String> errorsIn(Path log, String... expected) {
        List<Pattern> patterns = Stream.of(expected).map(Pattern::compile).toList();
        try (Stream<String> lines = Files.lines(log)) {
            return unexpected(
                    lines.filter(line -> ERROR_LINE.matcher(line).find()).toList(), patterns);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + log, failed);
        }
    }

    private static List<String> unexpected(List<String> errors, List<Pattern> expected) {
        return errors.stream()
                .filter(error ->
                        expected.stream().noneMatch(pattern -> pattern.matcher(error).find()))
                .toList();
    }

    private static final class Recorder extends Handler {
        private final List<String> errors = new CopyOnWriteArrayList<>();

        Recorder() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                errors.add(
                        record.getLoggerName()
                                + ": "
                                + record.getMessage()
                                + (record.getThrown() == null ? "" : " " + record.getThrown()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
