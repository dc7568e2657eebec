package io.clientele.launcher;

import io.clientele.embedded.Chromium;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./clientele test}: all modules with all checks. Keycloak is the one server that takes long
 * to start, so one serves all modules; every module starts the others for itself. Chromium is
 * installed if the page's tests run, none is found and this user may.
 */
final class TestCommand {
    private final Path root;
    private final Map<String, String> environment;
    private final Terminal terminal;

    TestCommand(Path root, Map<String, String> environment, Terminal terminal) {
        this.root = root;
        this.environment = environment;
        this.terminal = terminal;
    }

    int run(List<String> arguments) {
        long startNanos = System.nanoTime();
        sayDataSets();
        Map<String, String> variables = new LinkedHashMap<>();
        if (needsBrowser(arguments)) {
            new BrowserSetup(root, environment, terminal)
                    .find()
                    .ifPresent(browser -> variables.put(Chromium.VARIABLE, browser.toString()));
        }
        int status;
        try (PlatformServers shared =
                PlatformServers.keycloakForTests(root, environment, terminal)) {
            variables.putAll(shared.tokenEnvironment());
            variables.put("JAVA_HOME", System.getProperty("java.home"));
            variables.put(DataSets.VARIABLE, new DataSets(root, environment).folder().toString());
            List<String> command = new ArrayList<>();
            command.add(root.resolve("mvnw").toString());
            command.add("--fail-at-end");
            command.addAll(arguments);
            command.add("verify");
            terminal.note(String.join(" ", command));
            status = ChildProcess.run(command, root, variables);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        terminal.result(
                (status == 0 ? "All checks passed in " : "FAILED after ")
                        + Terminal.readable(took)
                        + (status == 0 ? "." : "; Maven's summary above says where."));
        return status == 0 ? 0 : 1;
    }

    /** True unless the arguments choose modules, and not the one with the page. */
    static boolean needsBrowser(List<String> arguments) {
        boolean isChosen =
                arguments.stream()
                        .anyMatch(argument ->
                                argument.startsWith("-pl") || argument.startsWith("--projects"));
        return !isChosen || arguments.stream().anyMatch(argument -> argument.contains("gateway"));
    }

    private void sayDataSets() {
        DataSets sets = new DataSets(root, environment);
        terminal.note(
                "Data sets in "
                        + sets.folder()
                        + ": "
                        + (sets.found().isEmpty() ? "none" : String.join(", ", sets.found()))
                        + (sets.missing().isEmpty()
                                ? ""
                                : "; missing: "
                                        + String.join(", ", sets.missing())
                                        + " (docs/development.md says where they come from; "
                                        + DataSets.VARIABLE
                                        + " names another folder)"));
    }
}
