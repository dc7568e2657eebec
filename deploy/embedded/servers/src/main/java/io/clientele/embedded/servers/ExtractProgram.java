package io.clientele.embedded.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks the PostgreSQL of this platform from the class path into a folder, once a machine. */
public final class ExtractProgram {
    private ExtractProgram() {}

    /**
     * Unpacks and ends.
     *
     * @param arguments the folder, which exists and is empty
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toAbsolutePath().normalize();
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        String resource =
                "/postgres-"
                        + (mac ? "darwin" : "linux")
                        + "-"
                        + (arm ? "arm_64" : "x86_64")
                        + ".txz";
        try (InputStream packed = ExtractProgram.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException(
                        "no PostgreSQL for this platform: "
                                + resource
                                + " is not on the class path");
            }
            unpack(packed, folder);
        }
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("entry outside of the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Set<PosixFilePermission> mode =
                            PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--");
                    Files.setPosixFilePermissions(target, mode);
                }
            }
        }
    }
}
