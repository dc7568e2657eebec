package io.clientele.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The secrets of one set of servers: generated when first asked for, kept in one file of mode 0600
 * in the data folder, never in code and never with a default. Thread-safe within one process.
 */
public final class Secrets {
    /** Names a file of this class, to share one set of servers between processes. */
    public static final String ENVIRONMENT_KEY = "CLIENTELE_SECRETS";

    private static final String FILE = "secrets.properties";
    private final Path file;
    private final Properties values = new Properties();
    private final SecureRandom random = new SecureRandom();

    private Secrets(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try {
                values.load(new StringReader(Files.readString(file)));
            } catch (IOException unreadable) {
                throw new EmbeddedServerException(
                        "cannot read the secrets in " + file + ": " + unreadable.getMessage(),
                        unreadable);
            }
        }
    }

    /** The secrets of a data folder, which may not have any yet. */
    static Secrets in(Path folder) {
        return new Secrets(folder.resolve(FILE));
    }

    /** The secrets in a file, for reading what another process started. */
    public static Secrets of(Path file) {
        return new Secrets(file);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** The name under which a client's secret is kept. */
    public static String clientName(String program, String role) {
        return "client." + program + "-" + role;
    }

    /**
     * The environment variable of a client's secret: {@code
     * CLIENTELE_CLIENT_SECRET_<PROGRAM>_<ROLE>}, upper case, each other character as {@code _}.
     */
    public static String clientVariable(String program, String role) {
        return "CLIENTELE_CLIENT_SECRET_"
                + (program + "_" + role).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /**
     * The secret of client {@code <program>-<role>}: from {@link #clientVariable}, else from the
     * file that {@code CLIENTELE_SECRETS} names.
     */
    public static Optional<String> clientSecret(
            Map<String, String> environment, String program, String role) {
        Optional<String> direct =
                Optional.ofNullable(environment.get(clientVariable(program, role)));
        return direct.or(() ->
                Optional.ofNullable(environment.get(ENVIRONMENT_KEY))
                        .flatMap(path -> of(Path.of(path)).find(clientName(program, role))));
    }

    /** A secret that exists. */
    public synchronized Optional<String> find(String name) {
        return Optional.ofNullable(values.getProperty(name));
    }

    /**
     * The secret of this name: 32 random bytes as URL-safe base64 without padding, made at the
     * first call and kept.
     */
    synchronized String require(String name) {
        String known = values.getProperty(name);
        return known != null
                ? known
                : keep(name, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes()));
    }

    /** As {@link #require}, as plain base64 with padding. */
    synchronized String requireKey(String name) {
        String known = values.getProperty(name);
        return known != null ? known : keep(name, Base64.getEncoder().encodeToString(bytes()));
    }

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private String keep(String name, String value) {
        values.setProperty(name, value);
        try {
            StringWriter text = new StringWriter();
            values.store(
                    text,
                    "Secrets of this data folder. Whoever reads them may do everything; delete the"
                            + " folder to be rid of them.");
            Path next = file.resolveSibling(FILE + ".next");
            Files.deleteIfExists(next);
            Files.createFile(
                    next,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, text.toString());
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep the secrets in " + file, failed);
        }
        return value;
    }
}
