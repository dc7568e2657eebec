package io.clientele.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The public data sets that some tests and tours read, in a folder beside the project unless named.
 */
final class DataSets {
    /** Names another folder. */
    static final String VARIABLE = "CLIENTELE_DATASETS";

    /** A file that shows that the data set is there. */
    private static final Map<String, String> PROOFS =
            new LinkedHashMap<>(
                    Map.of(
                            "cdnow", "cdnow_master.csv.gz",
                            "online-retail", "online_retail.csv.gz"));

    private final Path folder;

    DataSets(Path root, Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        this.folder =
                (named.isBlank() ? root.resolve("../shared/data") : Path.of(named))
                        .toAbsolutePath()
                        .normalize();
    }

    Path folder() {
        return folder;
    }

    /** The names of those that are there, sorted. */
    List<String> found() {
        List<String> names = new ArrayList<>();
        PROOFS.forEach((name, file) -> {
            if (Files.isReadable(folder.resolve(name).resolve(file))) {
                names.add(name);
            }
        });
        names.sort(null);
        return names;
    }

    /** The names of those that are not, sorted. */
    List<String> missing() {
        List<String> names = new ArrayList<>(PROOFS.keySet());
        names.removeAll(found());
        names.sort(null);
        return names;
    }
}
