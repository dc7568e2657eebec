package io.clientele.ingestion.importing;

import java.util.List;

/** How a value is made from a row, or from the rows of a group. */
sealed interface Expression {
    /**
     * What stands in a column, after the mapping's {@code values}.
     *
     * @param name the column
     * @param prefix put before it; may be empty
     */
    record Column(String name, String prefix) implements Expression {}

    /**
     * Always the same.
     *
     * @param value text, number or boolean
     */
    record Constant(Object value) implements Expression {}

    /**
     * Numbers multiplied: quantity by price.
     *
     * @param factors at least two
     */
    record Product(List<Expression> factors) implements Expression {
        /** Takes a copy. */
        public Product {
            factors = List.copyOf(factors);
        }
    }

    /**
     * Numbers added over the rows of the group, or the one row there is.
     *
     * @param of what is added
     */
    record Sum(Expression of) implements Expression {}
}
