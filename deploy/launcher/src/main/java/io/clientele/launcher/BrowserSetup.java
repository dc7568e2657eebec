package io.clientele.launcher;

import io.clientele.embedded.Chromium;
import io.clientele.embedded.EmbeddedServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the browser for the page's tests; on a Debian, as root, installs it if there is none. */
final class BrowserSetup {
    private static final Path APT_GET = Path.of("/usr/bin/apt-get");

    // Another installation may be going on.
    private static final String WAIT = "-oDPkg::Lock::Timeout=300";

    private final Path root;
    private final Map<String, String> environment;
    private final Terminal terminal;

    BrowserSetup(Path root, Map<String, String> environment, Terminal terminal) {
        this.root = root;
        this.environment = environment;
        this.terminal = terminal;
    }

    /** The browser; empty, after saying what helps, if there is none: its tests will fail. */
    Optional<Path> find() {
        Optional<Path> found = look();
        if (found.isEmpty() && mayInstall()) {
            terminal.note("No Chromium found for the tests of the page; installing Debian's.");
            install();
            found = look();
        }
        terminal.note(found.map(path -> "Browser for tests: " + path).orElse(Chromium.REMEDY));
        return found;
    }

    private Optional<Path> look() {
        try {
            return Chromium.find(environment);
        } catch (EmbeddedServerException noProgram) {
            throw new LauncherException(noProgram.getMessage() + ".", noProgram);
        }
    }

    private static boolean mayInstall() {
        return "root".equals(System.getProperty("user.name")) && Files.isExecutable(APT_GET);
    }

    private void install() {
        for (List<String> command :
                List.of(
                        List.of(APT_GET.toString(), "-q", WAIT, "update"),
                        List.of(
                                APT_GET.toString(),
                                "-q",
                                WAIT,
                                "install",
                                "-y",
                                "--no-install-recommends",
                                "chromium"))) {
            terminal.note(String.join(" ", command));
            int status =
                    ChildProcess.run(command, root, Map.of("DEBIAN_FRONTEND", "noninteractive"));
            if (status != 0) {
                terminal.note("apt-get ended with status " + status + ".");
                return;
            }
        }
    }
}
