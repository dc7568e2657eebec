package io.clientele.segmentation.shard;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * All stores of the process share one block cache and one budget of write buffers: 144 MiB.
 *
 * <p>A partition has five stores and a process has many partitions, so a small budget means that
 * every store is flushed all the time, a few kilobytes at a go: compaction then takes more of the
 * machine than the work itself, and stalls the writers. Under the load of {@code bench platform},
 * 16 MiB of buffers took 0.31 cores for flushing and compaction.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    private static final long CACHE_BYTES = 48L << 20;
    private static final long WRITE_BUFFER_BYTES = 96L << 20;
    private static final Cache CACHE =
            new LRUCache(CACHE_BYTES + WRITE_BUFFER_BYTES, -1, false, 0.1);
    private static final WriteBufferManager WRITE_BUFFERS =
            new WriteBufferManager(WRITE_BUFFER_BYTES, CACHE);

    /** Kafka Streams makes it by reflection. */
    public BoundedRocksDb() {}

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        table.setFilterPolicy(new BloomFilter(10, false));
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITE_BUFFERS);
        options.setWriteBufferSize(16L << 20);
        options.setMaxWriteBufferNumber(3);
    }

    /** The cache and the buffers outlive each store. */
    @Override
    public void close(String store, Options options) {}
}
