package io.clientele.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks for the same members in every way there is, again and again: each answer must be complete,
 * or 503. An instance that is not there gives none.
 */
final class AskedAllTheTime implements AutoCloseable {
    private final String condition;
    private final String segment;
    private final int members;
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param condition what exactly {@code members} satisfy
     * @param segment of the same condition
     */
    AskedAllTheTime(String condition, String segment, int members) {
        this.condition = condition;
        this.segment = segment;
        this.members = members;
    }

    void start(Map<String, PlatformClient> instances) {
        instances.forEach((name, instance) ->
                threads.add(Thread.ofVirtual().start(() -> run(name, instance))));
    }

    private void run(String name, PlatformClient instance) {
        while (!closed) {
            ask(
                    name,
                    () ->
                            instance.post(
                                    "/v1/segments/preview", "{\"condition\":" + condition + "}"),
                    reply -> reply.json().path("count").asLong());
            ask(
                    name,
                    () -> instance.get("/v1/segments/" + segment),
                    reply -> reply.json().path("size").asLong());
            ask(
                    name,
                    () -> instance.get("/v1/segments/" + segment + "/members?limit=1000"),
                    reply ->
                            new TreeSet<>(reply.json().path("items").findValuesAsText("member"))
                                    .size());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
        }
    }

    private interface Question {
        Reply ask();
    }

    private interface Answer {
        long of(Reply reply);
    }

    private void ask(String name, Question question, Answer answer) {
        Reply reply;
        try {
            reply = question.ask();
        } catch (PlatformException notThere) {
            if (!(notThere.getCause() instanceof IOException)) {
                wrong.add(notThere.toString());
            }
            return;
        }
        if (reply.status() == 200) {
            long number = answer.of(reply);
            answers.merge(name, 1, Integer::sum);
            if (number != members) {
                wrong.add(number + " members: " + reply);
            }
        } else if (reply.status() != 503 && reply.status() != 502) {
            wrong.add(reply.toString());
        }
    }

    /** How many complete answers an instance has given. */
    int answersOf(String name) {
        return answers.getOrDefault(name, 0);
    }

    /** Answers that were neither complete nor 503. */
    List<String> wrongAnswers() {
        return List.copyOf(wrong);
    }

    @Override
    public void close() {
        closed = true;
        for (var thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
