package io.clientele.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium or Chrome of this machine, for tests that look at pages. */
public final class Chromium {
    /** Names the program, in place of looking for it. */
    public static final String VARIABLE = "CLIENTELE_CHROMIUM";

    /** One sentence for those who have none. */
    public static final String REMEDY =
            "Tests of the page need Chromium and found none: install it (Debian, as root: apt-get"
                    + " update && apt-get install -y chromium) or set "
                    + VARIABLE
                    + " to the program of a Chromium or Chrome.";

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private static final List<String> PLACES =
            List.of(
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome",
                    "/opt/google/chrome/chrome",
                    "/snap/bin/chromium",
                    "/Applications/Chromium.app/Contents/MacOS/Chromium",
                    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    private Chromium() {}

    /**
     * The program: what {@value #VARIABLE} names, else the first on {@code PATH}, else in the usual
     * places.
     *
     * @throws EmbeddedServerException if the variable names no program
     */
    public static Optional<Path> find(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isBlank()) {
            if (!isProgram(Path.of(named))) {
                throw new EmbeddedServerException(
                        VARIABLE + " must name the program of a Chromium, was " + named);
            }
            return Optional.of(Path.of(named));
        }
        Stream<Path> onPath =
                Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isBlank())
                        .flatMap(folder -> NAMES.stream().map(Path.of(folder)::resolve));
        return Stream.concat(onPath, PLACES.stream().map(Path::of))
                .filter(Chromium::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
