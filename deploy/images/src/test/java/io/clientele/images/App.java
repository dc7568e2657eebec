package io.clientele.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs that there are images of. */
enum App {
    GATEWAY("gateway"),
    INGESTION("services/ingestion"),
    PROFILE("services/profile"),
    SEGMENTATION("services/segmentation/service"),
    CAMPAIGN_RESPONSE("services/campaign-response"),
    REPORTING("services/reporting");

    private static final Pattern VARIABLE = Pattern.compile("CLIENTELE_[A-Z_]*[A-Z]");
    private static final Pattern WITHOUT_DEFAULT =
            Pattern.compile("\\$\\{(CLIENTELE_[A-Z_]*[A-Z])}");

    private final String module;

    App(String module) {
        this.module = module;
    }

    /** The name of its image, Deployment, Service, ConfigMap and Secret. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its folder, from the project's. */
    String module() {
        return module;
    }

    String image() {
        return "localhost/clientele/" + key() + ":" + System.getProperty("clientele.version");
    }

    /** The variables it reads, those that every service and its JVM read among them. */
    Set<String> variablesRead() {
        Set<String> found = new TreeSet<>(find(VARIABLE, sources()));
        found.addAll(find(VARIABLE, Tools.ROOT.resolve("services/common/src/main")));
        found.add("JDK_JAVA_OPTIONS");
        return found;
    }

    /** The variables it does not start without. */
    Set<String> variablesRequired() {
        return find(WITHOUT_DEFAULT, sources().resolve("resources"));
    }

    private Path sources() {
        return Tools.ROOT.resolve(module).resolve("src/main");
    }

    private static Set<String> find(Pattern pattern, Path folder) {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(App::isText).toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(matcher.group(matcher.groupCount()));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    private static boolean isText(Path file) {
        String name = file.toString();
        return name.endsWith(".java") || name.endsWith(".properties");
    }
}
