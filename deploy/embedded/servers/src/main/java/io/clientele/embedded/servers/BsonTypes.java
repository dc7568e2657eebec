package io.clientele.embedded.servers;

import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * How documents and the keys of unique indexes lie in the file: as BSON. The store's own way is
 * Java serialization, at every comparison of two keys too.
 */
final class BsonTypes {
    private BsonTypes() {}

    private static byte[] encode(Document document) {
        ByteBuf buffer = Unpooled.buffer(256);
        BsonEncoder.encodeDocument(document, buffer);
        return Arrays.copyOf(buffer.array(), buffer.writerIndex());
    }

    private static void write(WriteBuffer buffer, Document document) {
        byte[] bytes = encode(document);
        buffer.putVarInt(bytes.length).put(bytes);
    }

    private static Document read(ByteBuffer buffer) {
        byte[] bytes = new byte[DataUtils.readVarInt(buffer)];
        buffer.get(bytes);
        return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(bytes));
    }

    /** A document, as a value. */
    static final class Documents extends BasicDataType<Document> {
        @Override
        public int getMemory(Document document) {
            return encode(document).length;
        }

        @Override
        public void write(WriteBuffer buffer, Document document) {
            BsonTypes.write(buffer, document);
        }

        @Override
        public Document read(ByteBuffer buffer) {
            return BsonTypes.read(buffer);
        }

        @Override
        public Document[] createStorage(int size) {
            return new Document[size];
        }
    }

    /**
     * The key of a unique index. The order is total and agrees with equality; it is not the order
     * of MongoDB.
     */
    static final class Keys extends BasicDataType<KeyValue> {
        @Override
        public int compare(KeyValue left, KeyValue right) {
            int order = Integer.compare(left.size(), right.size());
            for (int part = 0; part < left.size() && order == 0; part++) {
                order =
                        left.get(part) instanceof String one
                                        && right.get(part) instanceof String other
                                ? one.compareTo(other)
                                : Arrays.compareUnsigned(
                                        bytes(left.get(part)), bytes(right.get(part)));
            }
            return order;
        }

        private static byte[] bytes(Object value) {
            return encode(
                    new Document("", value instanceof Missing ? MinKey.getInstance() : value));
        }

        @Override
        public int getMemory(KeyValue key) {
            return encode(document(key)).length;
        }

        @Override
        public void write(WriteBuffer buffer, KeyValue key) {
            BsonTypes.write(buffer, document(key));
        }

        private static Document document(KeyValue key) {
            Document document = new Document();
            for (int part = 0; part < key.size(); part++) {
                Object value = key.get(part);
                document.put(
                        Integer.toString(part),
                        value instanceof Missing ? MinKey.getInstance() : value);
            }
            return document;
        }

        @Override
        public KeyValue read(ByteBuffer buffer) {
            List<Object> values = new ArrayList<>();
            BsonTypes.read(buffer)
                    .values()
                    .forEach(value ->
                            values.add(value instanceof MinKey ? Missing.getInstance() : value));
            return new KeyValue(values);
        }

        @Override
        public KeyValue[] createStorage(int size) {
            return new KeyValue[size];
        }
    }
}
