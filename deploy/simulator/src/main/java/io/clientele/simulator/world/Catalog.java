package io.clientele.simulator.world;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the shop sells. */
final class Catalog {
    /** Categories; each has {@value #ARTICLES} articles. */
    private static final List<String> CATEGORIES =
            List.of("shoes", "apparel", "outdoor", "home", "beauty", "kitchen", "games", "gifts");

    private static final List<String> BRANDS =
            List.of("Acme", "Banyan", "Chai", "Doi", "Ember", "Frangipani");
    private static final int ARTICLES = 24;
    private static final int MOST_LINES = 3;
    private static final int SMALL_CENTS = 1_000;
    private static final int SEVERAL_CENTS = 4_000;

    private Catalog() {}

    /** An article: category and number. */
    record Article(String category, int number) {
        String sku() {
            return category.toUpperCase(Locale.ROOT) + "-" + (number + 1);
        }

        String brand() {
            return BRANDS.get((number + category.length()) % BRANDS.size());
        }
    }

    /** What this person would look at or buy. */
    static Article article(Person person, Draws draws) {
        String category =
                draws.chance(0.5)
                        ? favorite(person)
                        : CATEGORIES.get(draws.below(CATEGORIES.size()));
        return new Article(category, draws.below(ARTICLES));
    }

    private static String favorite(Person person) {
        if (person.truth() == TrueSegment.GIFT_GIVER) {
            return "gifts";
        }
        if (person.interests().contains("running") || person.interests().contains("dancing")) {
            return "shoes";
        }
        if (person.interests().contains("hiking")) {
            return "outdoor";
        }
        if (person.interests().contains("gaming")) {
            return "games";
        }
        return person.interests().contains("cooking") ? "kitchen" : "apparel";
    }

    /** Lines that add up to an amount. */
    static List<Map<String, Object>> lines(Person person, long cents, Draws draws) {
        int count = cents < SMALL_CENTS ? 1 : 1 + draws.below(MOST_LINES);
        List<Map<String, Object>> lines = new ArrayList<>(count);
        long left = cents;
        for (int line = 1; line <= count; line++) {
            long part =
                    line == count ? left : Math.max(1, Math.round(left * draws.uniform(0.3, 0.7)));
            left -= part;
            Article article = article(person, draws);
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("sku", article.sku());
            values.put("category", article.category());
            values.put("brand", article.brand());
            values.put("quantity", 1 + (part > SEVERAL_CENTS ? draws.below(3) : 0));
            values.put("amount", BigDecimal.valueOf(part, 2));
            lines.add(values);
        }
        return lines;
    }
}
