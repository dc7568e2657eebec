package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.clientele.engine.TextLexer.Kind;
import io.clientele.engine.TextLexer.SyntaxException;
import io.clientele.engine.TextLexer.Token;
import java.math.BigDecimal;
import java.util.List;

/** The tokens of a text, one after the other. What is not as expected is refused with its place. */
final class TextTokens {
    private static final int MOST_DIGITS = 18;

    private final List<Token> tokens;
    private int position;

    TextTokens(String text) {
        tokens = TextLexer.tokens(text);
    }

    Token peek() {
        return peek(0);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        position++;
        return token;
    }

    boolean isWord(String word) {
        return peek().isWord(word);
    }

    boolean isWord(int ahead, String word) {
        return peek(ahead).isWord(word);
    }

    boolean isSymbol(int ahead, String symbol) {
        return peek(ahead).isSymbol(symbol);
    }

    boolean skipWord(String word) {
        boolean is = isWord(word);
        position += is ? 1 : 0;
        return is;
    }

    boolean skipSymbol(String symbol) {
        boolean is = peek().isSymbol(symbol);
        position += is ? 1 : 0;
        return is;
    }

    void word(String word) {
        if (!skipWord(word)) {
            throw unexpected(
                    Problems.quoted(word) + Problems.nearest(peek().value(), List.of(word)));
        }
    }

    /**
     * @param expected what to say that was expected
     */
    void symbol(String symbol, String expected) {
        if (!skipSymbol(symbol)) {
            throw unexpected(expected);
        }
    }

    void end(String expected) {
        if (peek().kind() != Kind.END) {
            throw unexpected(expected);
        }
    }

    SyntaxException unexpected(String expected) {
        return new SyntaxException(
                peek().offset(), "expected " + expected + "; came " + peek().shown());
    }

    /** A name: a word that is none of the language, or anything between backticks. */
    Placed name(String expected) {
        Token token = peek();
        if (token.kind() != Kind.NAME && token.kind() != Kind.WORD) {
            throw unexpected(expected);
        }
        if (token.kind() == Kind.WORD && TextLexer.isReserved(token.value())) {
            throw unexpected(
                    expected + ", which is written between backticks if it is " + token.value());
        }
        position++;
        return Placed.text(token.offset(), token.value());
    }

    Placed text(String expected) {
        Token token = peek();
        if (token.kind() != Kind.TEXT) {
            throw unexpected(expected + " between quotation marks");
        }
        position++;
        return Placed.text(token.offset(), token.value());
    }

    Placed number(String expected) {
        Token token = peek();
        if (token.kind() != Kind.NUMBER) {
            throw unexpected(expected);
        }
        position++;
        return Placed.value(token.offset(), json(token.value()));
    }

    /** The kind of node that a parser makes of the same number. */
    private static JsonNode json(String number) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (number.length() <= MOST_DIGITS && number.chars().allMatch(TextTokens::isWhole)) {
            long whole = Long.parseLong(number);
            return whole == (int) whole ? nodes.numberNode((int) whole) : nodes.numberNode(whole);
        }
        return nodes.numberNode(new BigDecimal(number));
    }

    private static boolean isWhole(int character) {
        return character == '-' || (character >= '0' && character <= '9');
    }
}
