package io.clientele.ingestion.importing;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import java.io.IOException;
import java.io.InputStream;

/** A job's content as a stream: one part in memory at a time. Not thread-safe. */
final class ImportContent extends InputStream {
    private final ProgramTransactions transactions;
    private final ImportRepository repository;
    private final ProgramId program;
    private final String id;
    private final Runnable onPart;
    private byte[] part = new byte[0];
    private int position;
    private long next;
    private boolean atEnd;

    /**
     * Over the content of a job.
     *
     * @param onPart called in the transaction that reads a part
     */
    ImportContent(
            ProgramTransactions transactions,
            ImportRepository repository,
            ProgramId program,
            String id,
            Runnable onPart) {
        this.transactions = transactions;
        this.repository = repository;
        this.program = program;
        this.id = id;
        this.onPart = onPart;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == part.length) {
            if (atEnd) {
                return -1;
            }
            var found =
                    transactions.call(
                            program.value(),
                            () -> {
                                onPart.run();
                                return repository.content(id, next);
                            });
            if (found.isEmpty()) {
                atEnd = true;
                return -1;
            }
            part = found.get();
            position = 0;
            next += part.length;
        }
        int count = Math.min(length, part.length - position);
        System.arraycopy(part, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        // GZIPInputStream asks this to find out whether another member follows.
        return atEnd ? 0 : Math.max(1, part.length - position);
    }
}
