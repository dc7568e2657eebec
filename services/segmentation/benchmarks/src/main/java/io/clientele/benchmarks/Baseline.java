package io.clientele.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The preview conditions in SQL, each in every way that may be the fastest; the bench times them
 * all and keeps the fastest of each, at each size anew. Every query answers the members, one row
 * each.
 *
 * <p>What a competent user knows of the data is used: nothing is later than the instant of the
 * question, an amount is never unset, a purchase's buyer is a member. So a window that ends now has
 * no upper bound.
 */
final class Baseline {
    /** One way to ask. */
    record Query(String way, String sql) {}

    private static final DateTimeFormatter LITERAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final double EARTH_RADIUS_KM = 6371.0088;

    private final World world;
    private final Instant at;
    private final LocalDate today;
    private final Map<String, List<Query>> queries = new LinkedHashMap<>();

    Baseline(World world) {
        this.world = world;
        at = world.at;
        today = LocalDate.ofInstant(at, World.ZONE);
        attributes();
        counts();
        sums();
        distinct();
        changes();
    }

    /** The names of the conditions. */
    Set<String> conditions() {
        return Set.copyOf(queries.keySet());
    }

    /** The ways to ask for a condition, at least one. */
    List<Query> ways(String condition) {
        List<Query> ways = queries.get(condition);
        if (ways == null) {
            throw new IllegalArgumentException("no SQL for the condition " + condition);
        }
        return List.copyOf(ways);
    }

    private void attributes() {
        ask(
                "demographic",
                "filter",
                "SELECT id FROM member WHERE country IN ("
                        + code("country", "TH")
                        + ", "
                        + code("country", "VN")
                        + ") AND gender = "
                        + code("gender", "female")
                        + " AND birthDate BETWEEN "
                        + day(lastBirthDateOfAge(35 + 1).plusDays(1))
                        + " AND "
                        + day(lastBirthDateOfAge(20)));
        ask(
                "psychographic",
                "lists",
                "SELECT id FROM member WHERE list_has_any(interests, ['running',"
                        + " 'hiking']::interests_word[]) AND NOT list_contains(interests,"
                        + " 'gaming'::interests_word)");
        ask(
                "psychographic",
                "rows",
                "SELECT DISTINCT member FROM member_interest WHERE interest IN ('running',"
                        + " 'hiking') AND member NOT IN (SELECT member FROM member_interest WHERE"
                        + " interest = 'gaming')");
        ask(
                "psychographic",
                "bits",
                "SELECT id FROM member WHERE interestsMask & "
                        + (interest("running") | interest("hiking"))
                        + " <> 0 AND interestsMask & "
                        + interest("gaming")
                        + " = 0");
        ask("place", "box and haversine", place(13.7563, 100.5018, 25));
        String days = birthdays(7);
        ask(
                "birthday",
                "date",
                "SELECT id FROM member WHERE month(birthDate) * 100 + day(birthDate) IN " + days);
        ask(
                "birthday",
                "month and day kept",
                "SELECT id FROM member WHERE birthMonthDay IN " + days);
    }

    private void counts() {
        askBoth(
                "frequent-30d",
                "group",
                "SELECT member FROM {purchase} WHERE bought > {30} GROUP BY member HAVING count(*)"
                        + " >= 3");
        String push =
                "SELECT id FROM member WHERE preferredChannel = "
                        + code("preferredChannel", "push");
        askBoth(
                "category-180d-push",
                "semi-join, group",
                "SELECT member FROM {purchase} WHERE category = 7 AND bought > {180} AND member IN"
                        + " ("
                        + push
                        + ") GROUP BY member HAVING count(*) >= 2");
        askBoth(
                "category-180d-push",
                "group, semi-join",
                push
                        + " AND id IN (SELECT member FROM {purchase} WHERE category = 7 AND bought"
                        + " > {180} GROUP BY member HAVING count(*) >= 2)");
        for (String stores : List.of("IN (10, 11, 12, 13)", "BETWEEN 10 AND 13")) {
            String events =
                    "FROM {purchase} WHERE store "
                            + stores
                            + " AND bought > {180} AND bought <= {90}";
            askBoth("store-between", stores + ", distinct", "SELECT DISTINCT member " + events);
            askBoth(
                    "store-between",
                    stores + ", semi-join",
                    "SELECT id FROM member WHERE id IN (SELECT member " + events + ")");
        }
    }

    private void sums() {
        String thai = "SELECT id FROM member WHERE country = " + code("country", "TH");
        askBoth(
                "spend-90d-in-country",
                "semi-join, group",
                "SELECT member FROM {purchase} WHERE bought > {90} AND member IN ("
                        + thai
                        + ") GROUP BY member HAVING sum(amount) >= 500");
        askBoth(
                "spend-90d-in-country",
                "group, semi-join",
                thai
                        + " AND id IN (SELECT member FROM {purchase} WHERE bought > {90} GROUP BY"
                        + " member HAVING sum(amount) >= 500)");
        askBoth(
                "lapsed-high-spender",
                "one group",
                "SELECT member FROM {purchase} GROUP BY member HAVING sum(amount) >= 1000 AND"
                        + " max(bought) <= {90}");
        askBoth(
                "lapsed-high-spender",
                "anti-join, group",
                "SELECT member FROM {purchase} AS p WHERE bought <= {90} AND NOT EXISTS (SELECT 1"
                        + " FROM purchase_by_time AS late WHERE late.bought > {90} AND late.member"
                        + " = p.member) GROUP BY member HAVING sum(amount) >= 1000");
        askBoth(
                "lapsed-high-spender",
                "candidates, semi-join, group",
                "WITH lapsed AS MATERIALIZED (SELECT id FROM member WHERE NOT EXISTS (SELECT 1 FROM"
                        + " purchase_by_time WHERE bought > {90} AND member = id)) SELECT member"
                        + " FROM {purchase} WHERE bought <= {90} AND member IN (SELECT id FROM"
                        + " lapsed) GROUP BY member HAVING sum(amount) >= 1000");
        for (String categories : List.of("IN (1, 2, 3)", "BETWEEN 1 AND 3")) {
            askBoth(
                    "category-spend-year",
                    categories + ", group",
                    "SELECT member FROM {purchase} WHERE category "
                            + categories
                            + " AND bought > {365} GROUP BY member HAVING sum(amount) > 300");
        }
        askBoth(
                "average-order",
                "average",
                "SELECT member FROM {purchase} WHERE bought > {365} GROUP BY member HAVING"
                        + " avg(amount) > 80");
        askBoth(
                "average-order",
                "sum and count",
                "SELECT member FROM {purchase} WHERE bought > {365} GROUP BY member HAVING"
                        + " sum(amount) > 80 * count(*)");
        askBoth(
                "average-order",
                "sum of what is above",
                "SELECT member FROM {purchase} WHERE bought > {365} GROUP BY member HAVING"
                        + " sum(amount - 80) > 0");
    }

    private void distinct() {
        distinct("distinct-stores", "store", "{180}", 4);
        distinct("distinct-categories", "category", "{365}", 8);
        // 50 categories fit the bits of a word.
        askBoth(
                "distinct-categories",
                "bits",
                "SELECT member FROM {purchase} WHERE bought > {365} GROUP BY member HAVING"
                        + " bit_count(bit_or(1::UBIGINT << category)) >= 8");
        // 500 stores do not, but who has 4 bits of store modulo 64 has 4 stores.
        askBoth(
                "distinct-stores",
                "bits modulo 64, then exact",
                "WITH marked AS MATERIALIZED (SELECT member, bit_count(bit_or(1::UBIGINT << (store"
                    + " & 63))) AS least FROM {purchase} WHERE bought > {180} GROUP BY member"
                    + " HAVING count(*) >= 4) SELECT member FROM marked WHERE least >= 4 UNION ALL"
                    + " SELECT member FROM {purchase} WHERE bought > {180} AND member IN (SELECT"
                    + " member FROM marked WHERE least < 4) GROUP BY member HAVING count(DISTINCT"
                    + " store) >= 4");
    }

    private void distinct(String name, String column, String since, int atLeast) {
        String events = " FROM {purchase} WHERE bought > " + since;
        askBoth(
                name,
                "count distinct",
                "SELECT member"
                        + events
                        + " GROUP BY member HAVING count(DISTINCT "
                        + column
                        + ") >= "
                        + atLeast);
        askBoth(
                name,
                "group twice",
                "SELECT member FROM (SELECT member, "
                        + column
                        + events
                        + " GROUP BY ALL) GROUP BY member HAVING count(*) >= "
                        + atLeast);
        askBoth(
                name,
                "one key, group twice",
                "SELECT k >> 9 AS member FROM (SELECT DISTINCT member::BIGINT * 512 + "
                        + column
                        + " AS k"
                        + events
                        + ") GROUP BY 1 HAVING count(*) >= "
                        + atLeast);
        askBoth(
                name,
                "list",
                "SELECT member"
                        + events
                        + " GROUP BY member HAVING list_unique(list("
                        + column
                        + ")) >= "
                        + atLeast);
        askBoth(
                name,
                "bit string",
                "SELECT member"
                        + events
                        + " GROUP BY member HAVING bit_count(bitstring_agg("
                        + column
                        + "::SMALLINT, 0, 499)) >= "
                        + atLeast);
    }

    private void changes() {
        // (a - b) / b <= -0.5 with b above 0, as amounts are.
        askBoth(
                "declining",
                "filtered sums",
                "SELECT member FROM (SELECT member, sum(amount) FILTER (bought > {90}) AS a,"
                        + " sum(amount) FILTER (bought <= {90}) AS b FROM {purchase} WHERE bought >"
                        + " {180} GROUP BY member) WHERE b > 0 AND 2 * coalesce(a, 0) <= b");
        askBoth(
                "declining",
                "one sum",
                "SELECT member FROM {purchase} WHERE bought > {180} GROUP BY member HAVING sum(CASE"
                        + " WHEN bought > {90} THEN -2 * amount ELSE amount END) >= 0 AND"
                        + " min(bought) <= {90}");
        askBoth(
                "declining",
                "join of two groups",
                "SELECT b.member FROM (SELECT member, sum(amount) AS s FROM {purchase} WHERE bought"
                        + " > {180} AND bought <= {90} GROUP BY member) AS b LEFT JOIN (SELECT"
                        + " member, sum(amount) AS s FROM {purchase} WHERE bought > {90} GROUP BY"
                        + " member) AS a ON a.member = b.member WHERE 2 * coalesce(a.s, 0) <= b.s");
        askBoth(
                "sequence",
                "join",
                "SELECT DISTINCT b.member FROM {purchase} AS a JOIN {purchase} AS b ON b.member ="
                        + " a.member AND b.bought > a.bought AND b.bought <= a.bought + INTERVAL 14"
                        + " DAY WHERE a.category = 7 AND b.category = 11");
        askBoth(
                "sequence",
                "semi-join",
                "SELECT DISTINCT member FROM {purchase} AS b WHERE category = 11 AND EXISTS (SELECT"
                        + " 1 FROM {purchase} AS a WHERE a.category = 7 AND a.member = b.member AND"
                        + " a.bought < b.bought AND a.bought >= b.bought - INTERVAL 14 DAY)");
        askBoth(
                "sequence",
                "as-of join",
                "SELECT DISTINCT b.member FROM (SELECT member, bought FROM {purchase} WHERE"
                        + " category = 11) AS b ASOF JOIN (SELECT member, bought FROM {purchase}"
                        + " WHERE category = 7) AS a ON a.member = b.member AND a.bought < b.bought"
                        + " WHERE a.bought >= b.bought - INTERVAL 14 DAY");
        askBoth(
                "sequence",
                "window",
                "SELECT DISTINCT member FROM (SELECT member, category, bought, max(bought) FILTER"
                        + " (category = 7) OVER (PARTITION BY member ORDER BY bought RANGE BETWEEN"
                        + " INTERVAL 14 DAY PRECEDING AND INTERVAL 1 MILLISECOND PRECEDING) AS"
                        + " before FROM {purchase} WHERE category IN (7, 11)) WHERE category = 11"
                        + " AND before IS NOT NULL");
        narrow();
    }

    private void narrow() {
        String tiers = "tier IN (" + code("tier", "gold") + ", " + code("tier", "platinum") + ")";
        String travels = "(coalesce(interestsMask, 0) & " + interest("travel") + " <> 0)::INTEGER";
        String some = "(sum(amount) >= 2000)::INTEGER + (max(bought) > {30})::INTEGER";
        askBoth(
                "narrow-k-of",
                "group of the tier, join",
                "SELECT id FROM member JOIN (SELECT member, "
                        + some
                        + " AS reached, max(bought) AS latest FROM {purchase} WHERE bought > {365}"
                        + " AND member IN (SELECT id FROM member WHERE "
                        + tiers
                        + ") GROUP BY member) AS spent ON member = id WHERE latest <= {7} AND"
                        + " reached + "
                        + travels
                        + " >= 2");
        askBoth(
                "narrow-k-of",
                "join, group",
                "SELECT id FROM {purchase} JOIN member ON member = id WHERE "
                        + tiers
                        + " AND bought > {365} GROUP BY id HAVING max(bought) <= {7} AND "
                        + some
                        + " + any_value("
                        + travels
                        + ") >= 2");
        askBoth(
                "narrow-k-of",
                "without the last week's, group",
                "WITH candidate AS MATERIALIZED (SELECT id, "
                        + travels
                        + " AS travels FROM member WHERE "
                        + tiers
                        + " AND id NOT IN (SELECT member FROM purchase_by_time WHERE bought >"
                        + " {7})) SELECT id FROM candidate JOIN (SELECT member, "
                        + some
                        + " AS reached FROM {purchase} WHERE bought > {365} AND member IN (SELECT"
                        + " id FROM candidate) GROUP BY member) AS spent ON member = id WHERE"
                        + " reached + travels >= 2");
        // Who travels needs one of two; who does not needs both: then only those who bought lately.
        askBoth(
                "narrow-k-of",
                "who can reach it, group",
                "WITH candidate AS MATERIALIZED (SELECT id, "
                        + travels
                        + " AS travels, id IN (SELECT member FROM purchase_by_time WHERE bought >"
                        + " {30}) AS lately FROM member WHERE "
                        + tiers
                        + " AND id NOT IN (SELECT member FROM purchase_by_time WHERE bought >"
                        + " {7})) SELECT id FROM candidate WHERE travels = 1 AND lately UNION ALL"
                        + " SELECT member FROM {purchase} WHERE bought > {365} AND member IN"
                        + " (SELECT id FROM candidate WHERE (travels = 1) <> lately) GROUP BY"
                        + " member HAVING sum(amount) >= 2000");
    }

    /** The key of a word. */
    private int code(String attribute, String word) {
        return switch (world.column(attribute)) {
            case Column.Codes codes when codes.words().contains(word) ->
                    codes.words().indexOf(word);
            default -> throw new IllegalArgumentException(attribute + " has no word " + word);
        };
    }

    /** The bit of an interest. */
    private int interest(String word) {
        return switch (world.column("interests")) {
            case Column.Sets sets when sets.words().contains(word) ->
                    1 << sets.words().indexOf(word);
            default -> throw new IllegalArgumentException("no interest " + word);
        };
    }

    private String place(double latitude, double longitude, double km) {
        double north = Math.toDegrees(km / EARTH_RADIUS_KM) * 1.000001;
        double east =
                Math.toDegrees(
                                Math.asin(
                                        Math.sin(km / EARTH_RADIUS_KM)
                                                / Math.cos(Math.toRadians(latitude))))
                        * 1.000001;
        return String.format(
                Locale.ROOT,
                "SELECT id FROM member WHERE homeLatitude BETWEEN %s AND %s AND homeLongitude"
                        + " BETWEEN %s AND %s AND 2 * %s * asin(least(1, sqrt(pow(sin(radians(%s -"
                        + " homeLatitude) / 2), 2) + cos(radians(homeLatitude)) *"
                        + " cos(radians(%s)) * pow(sin(radians(%s - homeLongitude) / 2), 2)))) <="
                        + " %s",
                latitude - north,
                latitude + north,
                longitude - east,
                longitude + east,
                EARTH_RADIUS_KM,
                latitude,
                latitude,
                longitude,
                km);
    }

    /**
     * The last day of birth with that age today; who is born on 29 February is older on the 28th.
     */
    private LocalDate lastBirthDateOfAge(int years) {
        LocalDate day = today.minusYears(years).plusDays(1);
        while (day.plusYears(years).isAfter(today)) {
            day = day.minusDays(1);
        }
        return day;
    }

    /** Month and day of today and the next days, as numbers such as 701. */
    private String birthdays(int days) {
        Set<Integer> numbers = new TreeSet<>();
        for (int i = 0; i < days; i++) {
            LocalDate day = today.plusDays(i);
            int number = day.getMonthValue() * 100 + day.getDayOfMonth();
            numbers.add(number);
            if (number == 228 && !day.isLeapYear()) {
                numbers.add(229);
            }
        }
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    private void askBoth(String name, String way, String sql) {
        for (String order : List.of("time", "member")) {
            ask(name, way + ", by " + order, sql.replace("{purchase}", "purchase_by_" + order));
        }
    }

    private void ask(String name, String way, String sql) {
        String complete = sql;
        for (int days : new int[] {7, 30, 90, 180, 365}) {
            complete = complete.replace("{" + days + "}", ago(days));
        }
        queries.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Query(way, complete));
    }

    private String ago(int days) {
        return "TIMESTAMP_MS '" + LITERAL.format(at.minus(Duration.ofDays(days))) + "'";
    }

    private static String day(LocalDate day) {
        return "DATE '" + day + "'";
    }
}
