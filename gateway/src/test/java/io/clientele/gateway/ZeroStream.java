package io.clientele.gateway;

import java.io.InputStream;
import java.util.Arrays;

/** A body of so many zero bytes that takes no memory. */
class ZeroStream extends InputStream {
    private long left;

    ZeroStream(long bytes) {
        this.left = bytes;
    }

    @Override
    public int read() {
        return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (left <= 0) {
            return -1;
        }
        int read = (int) Math.min(left, length);
        Arrays.fill(into, offset, offset + read, (byte) 0);
        left -= read;
        return read;
    }
}
