package io.clientele.engine.internal.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Cells read eight bytes at a time. Needs a machine that stores the lowest byte first. */
final class Words64 {
    /** The eight bytes from an index on, the first in the lowest bits. */
    static final VarHandle BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words64() {}
}
