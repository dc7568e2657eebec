package io.clientele.profile.registry;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import java.util.Optional;

/** What each program allows. Thread-safe; a look-up costs that of a map. */
public interface Registry {
    /** The program's settings. */
    Optional<RegistryRecord.Program> program(ProgramId program);

    /** An attribute of the program. */
    Optional<RegistryRecord.Attribute> attribute(ProgramId program, String name);

    /** An event type of the program. */
    Optional<RegistryRecord.EventType> eventType(ProgramId program, String type);

    /**
     * Waits until everything that stood on the registry topic when this was called has been read. A
     * name is refused only if it is still missing then.
     *
     * @throws IllegalStateException if it takes longer than a few seconds
     */
    void refresh() throws InterruptedException;
}
