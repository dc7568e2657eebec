package io.clientele.ingestion;

import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The programs of this installation: {@code CLIENTELE_PROGRAMS}. Background work goes through them
 * one by one, so that no database role sees more than one program's rows.
 */
@ApplicationScoped
public class Programs {
    private final List<ProgramId> programs;

    @Inject
    Programs(
            @ConfigProperty(name = "CLIENTELE_PROGRAMS", defaultValue = "demo,other")
                    List<String> programs) {
        this.programs = programs.stream().map(String::strip).map(ProgramId::new).toList();
    }

    /** Every program. */
    public List<ProgramId> all() {
        return programs;
    }

    /** True if there is such a program. */
    public boolean contains(ProgramId program) {
        return programs.contains(program);
    }

    /**
     * The program that the request's token names.
     *
     * @throws RequestException 403 if it names none, or one that does not exist
     */
    public ProgramId require(CurrentProgram current) {
        var program = new ProgramId(current.id());
        if (!programs.contains(program)) {
            throw new RequestException(
                    IngestionError.PROGRAM_UNKNOWN,
                    "There is no program " + program + " in this installation.");
        }
        return program;
    }
}
