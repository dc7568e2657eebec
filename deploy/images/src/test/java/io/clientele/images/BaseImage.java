package io.clientele.images;

import io.clientele.images.Tools.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A base image made of what is on this machine: the JDK that runs the test and the libraries it is
 * linked with, nothing else. It stands in for the one that the Containerfile names where no image
 * registry is reachable, under its name.
 */
final class BaseImage {
    private static final Pattern NAME = Pattern.compile("(?m)^ARG BASE=(\\S+)$");
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private BaseImage() {}

    /** The base image that the Containerfile names. */
    static String name() {
        try {
            var matcher = NAME.matcher(Files.readString(Tools.MODULE.resolve("Containerfile")));
            if (!matcher.find()) {
                throw new AssertionError("the Containerfile names no base image");
            }
            return matcher.group(1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void build(Podman podman, Path folder) {
        try {
            Path root = Files.createDirectories(folder.resolve("root"));
            // Podman gives a volume the mode of the folder beneath it.
            Files.setPosixFilePermissions(
                    Files.createDirectories(root.resolve("tmp")),
                    PosixFilePermissions.fromString("rwxrwxrwx"));
            copyJava(root.resolve("opt/java/openjdk"));
            for (Path library : libraries(root.resolve("opt/java/openjdk"))) {
                Path target = root.resolve(library.toString().substring(1));
                Files.createDirectories(target.getParent());
                Files.copy(library.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    folder.resolve("Containerfile"),
                    """
                    FROM scratch
                    COPY root/ /
                    ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin
                    """);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        podman.run(120, "build", "--isolation=chroot", "--tag", name(), folder.toString());
    }

    private static void copyJava(Path target) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        Set<String> unneeded = Set.of("jmods", "lib/src.zip", "lib/ct.sym", "include", "man");
        try (Stream<Path> files = Files.walk(home, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.toList()) {
                String name = home.relativize(file).toString();
                if (unneeded.stream()
                        .anyMatch(it -> name.equals(it) || name.startsWith(it + "/"))) {
                    continue;
                }
                Path copy = target.resolve(name);
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file.toRealPath(), copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static Set<Path> libraries(Path java) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        for (String name :
                List.of(
                        "bin/java",
                        "lib/server/libjvm.so",
                        "lib/libjava.so",
                        "lib/libnio.so",
                        "lib/libnet.so",
                        "lib/libzip.so",
                        "lib/libmanagement.so",
                        "lib/libextnet.so",
                        "lib/libjimage.so")) {
            command.add(java.resolve(name).toString());
        }
        Outcome outcome = Tools.run(Tools.TARGET, Map.of(), 20, command);
        Set<Path> libraries = new TreeSet<>();
        LIBRARY.matcher(outcome.output())
                .results()
                .map(result -> Path.of(result.group(1)))
                .filter(library -> !library.startsWith(java))
                .forEach(libraries::add);
        if (libraries.isEmpty()) {
            throw new AssertionError("ldd names no libraries: " + outcome.output());
        }
        return libraries;
    }
}
