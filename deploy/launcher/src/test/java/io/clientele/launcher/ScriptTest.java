package io.clientele.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.embedded.ProjectRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the script {@code clientele} itself, in a project folder with a fake Maven wrapper and with
 * fake JDKs, which only write down that they were called.
 */
class ScriptTest {
    private static final List<String> UNITS =
            List.of(
                    "services/ingestion",
                    "services/profile",
                    "services/segmentation/service",
                    "services/campaign-response",
                    "services/reporting",
                    "gateway",
                    "deploy/launcher");

    @TempDir Path folder;

    private Path project;
    private Path jdks;

    private record Run(int status, String out, String err) {}

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectories(folder.resolve("project")).toRealPath();
        jdks = Files.createDirectories(folder.resolve("jdks")).toRealPath();
        Files.copy(
                ProjectRoot.find().resolve("clientele"),
                project.resolve("clientele"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(project.resolve(".mvn"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        for (String unit : UNITS) {
            source(unit, "Some.java");
        }
        for (String library :
                List.of(
                        "services/contracts",
                        "services/common",
                        "services/segmentation/engine",
                        "deploy/embedded")) {
            source(library, "Library.java");
        }
        executable(
                project.resolve("mvnw"),
                """
                #!/bin/sh
                echo "$JAVA_HOME $*" >>"$PWD/maven-calls"
                [ -z "${FAIL_BUILD:-}" ] || { echo "[ERROR] no such symbol"; exit 1; }
                for argument in "$@"; do
                  case $argument in
                    deploy/*|services/*|gateway*) list=$argument ;;
                  esac
                done
                for module in $(echo "$list" | tr , ' '); do
                  mkdir -p "$module/target/quarkus-app" "$module/target/lib"
                  echo built >"$module/target/quarkus-app/quarkus-run.jar"
                  echo built >"$module/target/clientele-launcher.jar"
                  echo built >"$module/target/clientele-simulator.jar"
                  echo built >"$module/target/clientele-benchmarks.jar"
                done
                """);
    }

    @Test
    void takesTheJdkOfJavaHome() throws Exception {
        Path home = jdk(jdks.resolve("a"), "25.0.1");

        Run run = run(Map.of("JAVA_HOME", home.toString()), "status");

        assertThat(run.err()).contains("Built in");
        assertThat(run.out()).contains("jdk a runs", "status");
        assertThat(run.status()).isZero();
    }

    @Test
    void passesOverAJavaHomeOfAnotherVersion() throws Exception {
        Path old = jdk(jdks.resolve("old"), "21.0.2");
        jdk(jdks.resolve("right"), "25");

        Run run = run(Map.of("JAVA_HOME", old.toString()), "status");

        assertThat(run.out()).contains("jdk right runs");
    }

    @Test
    void takesTheJdkOnPathThroughSymbolicLinks() throws Exception {
        Path elsewhere = jdk(folder.resolve("elsewhere"), "25.0.2+10");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("javac"), elsewhere.resolve("bin/javac"));

        Run run = run(Map.of("PATH", bin + ":/usr/bin:/bin"), "status");

        assertThat(run.out()).contains("jdk elsewhere runs");
    }

    @Test
    void findsTheBundleOfMacOs() throws Exception {
        jdk(jdks.resolve("temurin-25.jdk/Contents/Home"), "25");

        assertThat(run(Map.of(), "status").out()).contains("jdk Home runs");
    }

    @Test
    void asksTheCompilerOfAJdkWithoutReleaseFile() throws Exception {
        Path home = jdk(jdks.resolve("bare"), "25.0.1");
        Files.delete(home.resolve("release"));

        assertThat(run(Map.of(), "status").out()).contains("jdk bare runs");
    }

    @Test
    void doesNotTakeARuntimeWithoutCompiler() throws Exception {
        Path home = jdk(jdks.resolve("jre"), "25");
        Files.delete(home.resolve("bin/javac"));

        assertThat(run(Map.of("JAVA_HOME", home.toString()), "status").status()).isEqualTo(1);
    }

    @Test
    void saysInOneSentenceThatThereIsNoJdk() throws Exception {
        jdk(jdks.resolve("old"), "24.0.2");

        Run run = run(Map.of(), "up");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "clientele: needs a JDK 25 (with javac) and found none in JAVA_HOME, on"
                                + " PATH or in the usual folders; install one, for example from"
                                + " https://adoptium.net, or set JAVA_HOME to it.\n");
    }

    @Test
    void buildsEverythingOnceAndNothingTheSecondTime() throws Exception {
        Path home = jdk(jdks.resolve("a"), "25");

        Run first = run(Map.of(), "up");
        Run second = run(Map.of(), "up", "--port", "9000");

        assertThat(mavenCalls())
                .containsExactly(
                        home
                                + " -Dquick -Dmaven.test.skip=true -pl"
                                + " services/ingestion,services/profile,services/segmentation/service,services/campaign-response,services/reporting,gateway,deploy/launcher"
                                + " -am package");
        assertThat(first.status()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).endsWith("clientele-launcher.jar up --port 9000\n");
    }

    @Test
    void buildsTheSimulatorForTheDemo() throws Exception {
        jdk(jdks.resolve("a"), "25");
        source("deploy/simulator", "Some.java");
        run(Map.of(), "up");

        Run demo = run(Map.of(), "demo", "--exit");

        assertThat(mavenCalls()).hasSize(2).last().asString().contains("-pl deploy/simulator -am");
        assertThat(demo.out()).endsWith("clientele-launcher.jar demo --exit\n");
    }

    @Test
    void buildsTheBenchmarksAndNoServiceToMeasureTheEngine() throws Exception {
        jdk(jdks.resolve("a"), "25");
        source("services/segmentation/benchmarks", "Some.java");

        Run bench = run(Map.of(), "bench", "engine", "--members", "1000");
        touchLater(source("services/segmentation/engine", "Library.java"));
        run(Map.of(), "bench", "engine");

        assertThat(bench.out()).endsWith("clientele-launcher.jar bench engine --members 1000\n");
        assertThat(mavenCalls())
                .hasSize(2)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .contains(
                                                "-pl services/segmentation/benchmarks,deploy/launcher"
                                                    + " -am"),
                        second ->
                                assertThat(second)
                                        .contains("-pl services/segmentation/benchmarks -am"));
    }

    @Test
    void buildsOnlyWhatChanged() throws Exception {
        jdk(jdks.resolve("a"), "25");
        run(Map.of(), "up");

        touchLater(source("services/profile", "Changed.java"));
        run(Map.of(), "up");

        assertThat(mavenCalls()).hasSize(2).last().asString().contains("-pl services/profile -am");
    }

    @Test
    void buildsWhatIsMadeOfAChangedLibrary() throws Exception {
        jdk(jdks.resolve("a"), "25");
        run(Map.of(), "up");

        touchLater(source("services/segmentation/engine", "Library.java"));
        run(Map.of(), "up");
        touchLater(source("services/contracts", "Library.java"));
        run(Map.of(), "up");

        assertThat(mavenCalls()).hasSize(3);
        assertThat(mavenCalls().get(1)).contains("-pl services/segmentation/service -am");
        assertThat(mavenCalls().get(2))
                .contains(
                        "-pl services/ingestion,services/profile,services/segmentation/service,services/campaign-response,services/reporting,gateway"
                            + " -am");
    }

    @Test
    void buildsAgainWhenASourceIsRemoved() throws Exception {
        jdk(jdks.resolve("a"), "25");
        run(Map.of(), "up");

        Path sources = project.resolve("gateway/src/main/java");
        Files.delete(sources.resolve("Some.java"));
        touchLater(sources);
        run(Map.of(), "up");

        assertThat(mavenCalls()).hasSize(2).last().asString().contains("-pl gateway -am");
    }

    @Test
    void doesNotBuildForAChangedTestOrDocument() throws Exception {
        jdk(jdks.resolve("a"), "25");
        run(Map.of(), "up");

        Path test = project.resolve("gateway/src/test/java/SomeTest.java");
        Files.createDirectories(test.getParent());
        Files.writeString(test, "class SomeTest {}");
        touchLater(test);
        Path readme = Files.writeString(project.resolve("gateway/README.md"), "new");
        touchLater(readme);
        run(Map.of(), "up");

        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void buildsNothingBeneathARunningPlatform() throws Exception {
        jdk(jdks.resolve("a"), "25");
        run(Map.of(), "up");
        Process launcher =
                new ProcessBuilder("/bin/sh", "-c", "read forever", "clientele-launcher.jar")
                        .start();
        Path running = Files.createDirectories(project.resolve("target/running"));
        Files.writeString(running.resolve(Long.toString(launcher.pid())), "port 8080");
        touchLater(source("gateway", "Some.java"));

        Run up = run(Map.of(), "up");
        Run token = run(Map.of(), "token");
        launcher.destroyForcibly().waitFor();

        assertThat(up.status()).isEqualTo(1);
        assertThat(up.err())
                .isEqualTo(
                        "clientele: gateway would be built anew, but a platform runs from this"
                                + " folder (port 8080, process "
                                + launcher.pid()
                                + "); stop it first with ./clientele down.\n");
        assertThat(token.status()).isZero();
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void isNotHeldUpByTheNoteOfAKilledLauncher() throws Exception {
        jdk(jdks.resolve("a"), "25");
        Path running = Files.createDirectories(project.resolve("target/running"));
        Path note = running.resolve(Long.toString(ProcessHandle.current().pid()));
        Files.writeString(note, "port 8080");

        Run up = run(Map.of(), "up");

        assertThat(up.status()).isZero();
        assertThat(mavenCalls()).hasSize(1);
        assertThat(note).doesNotExist();
    }

    @Test
    void showsTheErrorsOfAFailedBuildAndBuildsAgainNextTime() throws Exception {
        jdk(jdks.resolve("a"), "25");

        Run failed = run(Map.of("FAIL_BUILD", "yes"), "up");
        Run next = run(Map.of(), "up");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("[ERROR] no such symbol", "the build failed after");
        assertThat(next.status()).isZero();
        assertThat(mavenCalls()).hasSize(2);
    }

    @Test
    void runsFromAnotherFolderAndThroughASymbolicLink() throws Exception {
        jdk(jdks.resolve("a"), "25");
        Path link = Files.createSymbolicLink(folder.resolve("link"), project.resolve("clientele"));

        Run run = execute(link, folder, Map.of(), "status");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("-Dclientele.root=" + project + " ", "in " + folder.toRealPath());
    }

    private Path source(String module, String name) throws IOException {
        Path sources = Files.createDirectories(project.resolve(module).resolve("src/main/java"));
        return Files.writeString(sources.resolve(name), "class X {}");
    }

    /**
     * Gives the file a time that is later than the start of any build so far, whatever the clock's
     * resolution.
     */
    private static void touchLater(Path file) throws IOException {
        Instant later = Clock.systemUTC().instant().plus(Duration.ofMinutes(1));
        Files.setLastModifiedTime(file, FileTime.from(later));
    }

    private List<String> mavenCalls() throws IOException {
        return Files.readAllLines(project.resolve("maven-calls"), StandardCharsets.UTF_8);
    }

    private static Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/sh\necho javac " + version + "\n");
        executable(
                home.resolve("bin/java"),
                "#!/bin/sh\necho \"jdk " + home.getFileName() + " runs in $PWD\"\necho \"$*\"\n");
        return home;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        return execute(project.resolve("clientele"), project, environment, arguments);
    }

    private Run execute(
            Path script, Path workingFolder, Map<String, String> environment, String... arguments)
            throws Exception {
        var command = new java.util.ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        var builder =
                new ProcessBuilder(command)
                        .directory(workingFolder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("CLIENTELE_JDK_FOLDERS", jdks.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
