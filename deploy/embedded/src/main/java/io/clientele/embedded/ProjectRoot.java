package io.clientele.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of this project: the system property {@code clientele.root}, else the nearest folder
 * upward that holds {@code .mvn}.
 */
public final class ProjectRoot {
    private ProjectRoot() {}

    /**
     * Finds it from the folder this process was started in.
     *
     * @throws EmbeddedServerException if there is none
     */
    public static Path find() {
        String named = System.getProperty("clientele.root");
        Path from =
                Path.of(named != null ? named : System.getProperty("user.dir", ""))
                        .toAbsolutePath()
                        .normalize();
        for (@Nullable Path folder = from; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new EmbeddedServerException(
                "no project folder (one that holds .mvn) at or above "
                        + from
                        + ": start inside the project or set -Dclientele.root=FOLDER");
    }
}
