package io.clientele.e2e;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The real files, read straight from their columns and counted in the plainest way, without any
 * code of the platform: what the platform's numbers are compared with.
 */
final class PurchaseHistory {
    /** A line of an order; {@code amount} is the line's total. */
    record Item(String sku, BigDecimal quantity, BigDecimal amount) {}

    /** A purchase, or a return with positive amounts. */
    record Order(
            String member,
            Instant at,
            boolean isReturn,
            BigDecimal amount,
            String country,
            List<Item> items) {
        boolean isPurchase() {
            return !isReturn;
        }

        boolean after(Instant from) {
            return at.isAfter(from);
        }
    }

    private static final CSVFormat CSV =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final Map<String, List<Order>> byMember = new TreeMap<>();
    private int orders;

    private void add(Order order) {
        byMember.computeIfAbsent(order.member(), it -> new ArrayList<>()).add(order);
        orders++;
    }

    /** One purchase a row, at midnight of the zone. */
    static PurchaseHistory cdnow(Path file, ZoneId zone) throws IOException {
        var history = new PurchaseHistory();
        try (var rows = CSV.parse(open(file))) {
            for (CSVRecord row : rows) {
                var amount = new BigDecimal(row.get("dollars"));
                history.add(
                        new Order(
                                row.get("customer_id"),
                                LocalDate.parse(row.get("date")).atStartOfDay(zone).toInstant(),
                                false,
                                amount,
                                "",
                                List.of()));
            }
        }
        return history;
    }

    /**
     * One purchase, or return where the number begins with C, an invoice; guests are left out. An
     * invoice whose lines bear several minutes counts from its first line's.
     */
    static PurchaseHistory onlineRetail(Path file, ZoneId zone) throws IOException {
        var history = new PurchaseHistory();
        var invoices = new LinkedHashMap<String, List<CSVRecord>>();
        try (var rows = CSV.parse(open(file))) {
            for (CSVRecord row : rows) {
                if (!row.get("CustomerID").isEmpty()) {
                    invoices.computeIfAbsent(row.get("InvoiceNo"), it -> new ArrayList<>())
                            .add(row);
                }
            }
        }
        invoices.forEach((number, lines) -> {
            var first = lines.getFirst();
            var items = new ArrayList<Item>();
            var total = BigDecimal.ZERO;
            for (var line : lines) {
                var quantity = new BigDecimal(line.get("Quantity")).abs();
                var amount = quantity.multiply(new BigDecimal(line.get("UnitPrice")));
                items.add(new Item(line.get("StockCode"), quantity, amount));
                total = total.add(amount);
            }
            history.add(
                    new Order(
                            first.get("CustomerID"),
                            LocalDateTime.parse(first.get("InvoiceDate"), MINUTE)
                                    .atZone(zone)
                                    .toInstant(),
                            number.startsWith("C"),
                            total,
                            first.get("Country"),
                            items));
        });
        return history;
    }

    private static Reader open(Path file) throws IOException {
        return new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8);
    }

    int orders() {
        return orders;
    }

    long purchases() {
        return byMember.values().stream().flatMap(List::stream).filter(Order::isPurchase).count();
    }

    long returns() {
        return orders - purchases();
    }

    int members() {
        return byMember.size();
    }

    /** How many members' orders satisfy {@code test}. */
    long count(Predicate<Customer> test) {
        return byMember.values().stream().map(Customer::new).filter(test).count();
    }

    /** One member's orders, and plain questions about them. Instants: {@code from < t <= to}. */
    record Customer(List<Order> orders) {
        List<Order> purchases(Instant from, Instant to) {
            return orders.stream()
                    .filter(it -> it.isPurchase() && it.at().isAfter(from) && !it.at().isAfter(to))
                    .toList();
        }

        List<Order> returns(Instant from, Instant to) {
            return orders.stream()
                    .filter(it -> it.isReturn() && it.at().isAfter(from) && !it.at().isAfter(to))
                    .toList();
        }

        BigDecimal bought(Instant from, Instant to) {
            return sum(purchases(from, to));
        }

        BigDecimal spent(Instant from, Instant to) {
            return bought(from, to).subtract(sum(returns(from, to)));
        }

        List<Item> items(Instant from, Instant to) {
            return purchases(from, to).stream().flatMap(it -> it.items().stream()).toList();
        }

        private static BigDecimal sum(List<Order> orders) {
            return orders.stream().map(Order::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }
}
