package io.clientele.common.tenancy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.Unremovable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/**
 * Database transactions that see one program's rows. Sets {@code app.program} for the transaction,
 * which the row-level security policies of every table compare with its column {@code program};
 * outside of such a transaction a service sees no row of any program. Joins a transaction that is
 * under way only if it is of the same program.
 */
@ApplicationScoped
@Unremovable
public class ProgramTransactions {
    private final Instance<AgroalDataSource> dataSource;

    @Inject
    ProgramTransactions(Instance<AgroalDataSource> dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Runs {@code work} in a new transaction of {@code program}; commits if it returns, rolls back
     * if it throws.
     *
     * @return what {@code work} returns
     */
    public <T> T call(String program, Callable<T> work) {
        return QuarkusTransaction.requiringNew()
                .call(() -> {
                    enter(program);
                    return work.call();
                });
    }

    /** As {@link #call}, without a result. */
    public void run(String program, Runnable work) {
        QuarkusTransaction.requiringNew()
                .run(() -> {
                    enter(program);
                    work.run();
                });
    }

    /**
     * Makes the transaction under way one of {@code program}; a consumer that writes rows of
     * several programs in one transaction calls this before those of each.
     */
    public void enter(String program) {
        try (var connection = dataSource.get().getConnection();
                var statement =
                        connection.prepareStatement("select set_config('app.program', ?, true)")) {
            statement.setString(1, program);
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("app.program could not be set", e);
        }
    }
}
