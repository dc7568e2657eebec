package io.clientele.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the server programs are: what the build of {@code deploy/embedded/servers} left in its
 * target folder.
 */
record ServerJars(String classPath, Path keycloakArchive) {
    private static final String MODULE = "deploy/embedded/servers";

    static ServerJars find() {
        Path target = ProjectRoot.find().resolve(MODULE).resolve("target");
        Path classes = target.resolve("classes");
        Path classPath = target.resolve("servers.classpath");
        Path keycloak = target.resolve("keycloak.path");
        if (!Files.isDirectory(classes) || !Files.exists(classPath) || !Files.exists(keycloak)) {
            throw new EmbeddedServerException(
                    "the server programs are not built ("
                            + target
                            + "): run ./mvnw -q -Dquick compile -pl "
                            + MODULE);
        }
        try {
            return new ServerJars(
                    classes + java.io.File.pathSeparator + Files.readString(classPath).strip(),
                    Path.of(Files.readString(keycloak).strip()));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + target, failed);
        }
    }

    /** The {@code java} of the JDK this process runs on. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * The command line of one of our programs. The class path stands in a file beside the others of
     * the server, as it is long.
     *
     * @param home where that file is written
     */
    List<String> command(
            Path home, List<String> jvmOptions, String mainClass, List<String> arguments) {
        Path file = home.resolve("java.arguments");
        PrivateFiles.write(file, "-cp\n\"" + classPath.replace("\\", "\\\\") + "\"\n");
        List<String> line = new ArrayList<>();
        line.add(java());
        line.addAll(jvmOptions);
        line.add("@" + file);
        line.add("io.clientele.embedded.servers." + mainClass);
        line.addAll(arguments);
        return line;
    }
}
