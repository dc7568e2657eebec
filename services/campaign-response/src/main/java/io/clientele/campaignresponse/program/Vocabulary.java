package io.clientele.campaignresponse.program;

import io.clientele.contracts.ProgramId;

/** Which attributes a program's members have. Thread-safe. */
public interface Vocabulary {
    /** Whether the program has such an attribute. */
    boolean isAttribute(ProgramId program, String name);

    /** Whether an attribute stays in profile. */
    boolean isPersonal(ProgramId program, String name);
}
