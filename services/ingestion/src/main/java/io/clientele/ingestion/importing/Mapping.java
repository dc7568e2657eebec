package io.clientele.ingestion.importing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How rows of a file become events: docs/imports.md, validated.
 *
 * @param format of the file
 * @param charset of the file
 * @param delimiter between a CSV file's columns
 * @param type of the events where no rule says otherwise
 * @param rules the first that fits a row decides
 * @param groupBy rows equal in these columns are one event; empty: one event a row
 * @param id columns that identify the event; empty: its content does
 * @param member who
 * @param identities identifiers in the member's place, or beside it: type and column
 * @param occurredAt when
 * @param properties of the event
 * @param items of the event, one for each row; empty for none
 * @param attributes of the member, declared whenever they change
 * @param values what stands for what, by column; a present key with null: nothing
 * @param currency of the amounts, if the file has but one
 */
record Mapping(
        Format format,
        String charset,
        char delimiter,
        String type,
        List<Rule> rules,
        List<String> groupBy,
        List<String> id,
        @Nullable Expression member,
        @Nullable IdentityRule identities,
        Time occurredAt,
        Map<String, Expression> properties,
        Map<String, Expression> items,
        Map<String, Expression> attributes,
        Map<String, Map<String, @Nullable String>> values,
        @Nullable String currency) {
    /** Takes copies that keep their order. */
    public Mapping {
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        id = List.copyOf(id);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What files can be. */
    enum Format {
        /** Comma-separated values with a header, RFC 4180. */
        CSV,
        /** One JSON object a line. */
        NDJSON
    }

    /**
     * What is done with rows of a kind.
     *
     * @param column whose value decides
     * @param equalTo the value, or null
     * @param startsWith its beginning, or null
     * @param type what such rows become, or null for the mapping's
     * @param reject why such rows are not taken, or null if they are
     * @param negate columns whose number changes its sign in such rows
     */
    record Rule(
            String column,
            @Nullable String equalTo,
            @Nullable String startsWith,
            @Nullable String type,
            @Nullable String reject,
            Set<String> negate) {
        /** Takes a copy. */
        Rule {
            negate = Set.copyOf(negate);
        }

        /** True if a row with {@code value} in the column is of this kind. */
        boolean fits(String value) {
            return (equalTo != null && value.equals(equalTo))
                    || (startsWith != null && value.startsWith(startsWith));
        }
    }

    /**
     * An identifier of the member.
     *
     * @param type such as {@code card}
     * @param value where it stands
     */
    record IdentityRule(String type, Expression value) {}

    /**
     * When it happened.
     *
     * @param column where it stands
     * @param format a pattern of {@link java.time.format.DateTimeFormatter}, {@code epochSeconds},
     *     {@code epochMillis}, or null for ISO 8601
     * @param zone of times without an offset, or null for the program's
     */
    record Time(String column, @Nullable String format, @Nullable String zone) {}

    /** Every column that is used, in no particular order. */
    Set<String> columns() {
        var all = new LinkedHashSet<String>();
        rules.forEach(rule -> {
            all.add(rule.column());
            all.addAll(rule.negate());
        });
        all.addAll(groupBy);
        all.addAll(id);
        if (member != null) {
            collect(member, all);
        }
        if (identities != null) {
            collect(identities.value(), all);
        }
        all.add(occurredAt.column());
        properties.values().forEach(it -> collect(it, all));
        items.values().forEach(it -> collect(it, all));
        attributes.values().forEach(it -> collect(it, all));
        return all;
    }

    private static void collect(Expression expression, Set<String> columns) {
        switch (expression) {
            case Expression.Column it -> columns.add(it.name());
            case Expression.Constant unused -> {
                // No column.
            }
            case Expression.Product it -> it.factors().forEach(one -> collect(one, columns));
            case Expression.Sum it -> collect(it.of(), columns);
        }
    }
}
