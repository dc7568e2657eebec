package io.clientele.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.clientele.gateway.FakeServices.REPORTING;
import static io.clientele.gateway.FakeServices.SEGMENTATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.clientele.embedded.Chromium;
import io.clientele.embedded.ServerKind;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The live page in a real browser, signed in at the real Keycloak, with reporting as a fake. */
@QuarkusIntegrationTest
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeServices.class)
@Timeout(120)
class LivePageIT {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String SEGMENTS =
            """
            {"items":[{"key":"vip","name":"Big spenders","size":3610,"status":"active"},
                      {"key":"recent-buyers","name":"Bought in the last 30 days","size":48210,"status":"active"},
                      {"key":"lapsing","name":"About to lapse","size":9120,"status":"active"},
                      {"key":"newsletter","name":"Newsletter readers","size":22904,"status":"active"},
                      {"key":"gold","name":"Gold tier","size":5230,"status":"active"},
                      {"key":"birthday","name":"Birthday this week","size":2377,"status":"active"},
                      {"key":"old","name":"Not used any more","size":77,"status":"archived"}],"next":null}
            """;

    private static Playwright playwright;
    private static Browser browser;

    private final LiveFeed feed = new LiveFeed();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> strangers = new CopyOnWriteArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void openBrowser() {
        var program =
                Chromium.find(System.getenv())
                        .orElseThrow(() -> new AssertionError(Chromium.REMEDY));
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program)
                                        .setArgs(
                                                List.of(
                                                        "--no-sandbox",
                                                        "--disable-gpu",
                                                        "--no-first-run",
                                                        "--disable-background-networking",
                                                        "--disable-component-update",
                                                        "--disable-sync")));
    }

    @AfterAll
    static void closeBrowser() {
        // Null where no browser was found; closing Playwright closes the browser.
        if (playwright != null) {
            playwright.close();
        }
        Gateway.assertNoErrorsLogged();
    }

    @BeforeEach
    void openPage() {
        FakeServices.forget();
        REPORTING.when("/v1/live", feed);
        segmentsAre(SEGMENTS);
        context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(1440, 1080)
                                .setColorScheme(ColorScheme.DARK));
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") && message.location().contains(gateway())) {
                complaints.add(message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
        var keycloak = keycloak();
        context.onRequest(request -> {
            if (!request.url().startsWith(gateway()) && !request.url().startsWith(keycloak)) {
                strangers.add(request.url());
            }
        });
        page = context.newPage();
        page.setDefaultTimeout(15_000);
    }

    @AfterEach
    void closePage() {
        feed.close();
        context.close();
        assertThat(strangers).as("requests to anybody else").isEmpty();
    }

    @Test
    void showsTheProgramAsItMoves() {
        page.clock().install();
        page.navigate(gateway() + "/");
        assertThat(page.getByRole(AriaRole.HEADING).first()).containsText("Watch");
        picture("welcome");
        signIn("analyst");

        assertThat(page.locator("#program")).hasText("demo");
        assertThat(page.locator("#person")).hasText("demo-analyst");
        aMinutePasses();

        feed.send("events", events(1287, 1_204_331));
        assertThat(page.locator("#connection")).hasText("Live");
        assertThat(page.locator("#rate")).hasText("1,287");
        assertThat(page.locator("#total")).hasText("1,204,331");
        assertThat(page.locator("#segments b"))
                .hasText(
                        new String[] {
                            "Bought in the last 30 days",
                            "Newsletter readers",
                            "About to lapse",
                            "Gold tier",
                            "Big spenders",
                            "Birthday this week"
                        });
        var latest = page.locator("#entries .entry").first();
        assertThat(latest).hasClass(Pattern.compile("left"));
        assertThat(latest).containsText("m-204118 left About to lapse");
        assertThat(latest.locator("time")).hasAttribute("datetime", "2026-11-20T10:15:30.120Z");
        assertThat(latest.locator("time")).hasText("10:15:30.120");
        assertThat(latest.locator(".date")).hasText("2026-11-20");
        assertThat(latest.locator(".delay")).hasText("+84 ms");
        assertThat(page.locator("#left-out")).containsText("312 more");
        assertThat(page.locator("#campaigns h3").first()).hasText("win-back");
        assertThat(page.locator("#campaigns [data-kind=opened] .count").first()).hasText("1.72K");
        assertThat(page.title()).isEqualTo("1,287/s · Clientele");
        assertThat(drawnPixels()).isGreaterThan(1000);
        picture("live-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        picture("live-light");
        page.setViewportSize(390, 844);
        assertThat((boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("fits the width of a phone")
                .isTrue();
        picture("live-phone");

        // A segment that overtakes moves up.
        feed.send("segments", sizes(48_220, 9_120, 60_000));
        assertThat(page.locator("#segments b").first()).hasText("Newsletter readers");

        assertThat(complaints).as("errors on the console").isEmpty();
    }

    @Test
    void tokensStayInMemoryAndSigningOutEndsTheSession() {
        page.navigate(gateway() + "/");
        signIn("marketer");
        feed.send("events", events(12, 100));
        assertThat(page.locator("#rate")).hasText("12");

        assertThat(
                        (String)
                                page.evaluate(
                                        "JSON.stringify(localStorage) +"
                                            + " JSON.stringify(sessionStorage) + document.cookie"))
                .doesNotContain("eyJ");
        assertThat(page.url()).isEqualTo(gateway() + "/");

        page.reload();
        assertThat(page.locator("#person")).hasText("demo-marketer");
        await().until(() -> feed.watchers() == 1);

        page.getByRole(AriaRole.BUTTON, named("Sign out")).click();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Sign in"))).isEnabled();
        assertThat(page.url()).isEqualTo(gateway() + "/");
        await().until(() -> feed.watchers() == 0);
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        assertThat(page.locator("#password")).isVisible();
        assertThat(complaints).as("errors on the console").isEmpty();
    }

    @Test
    void prolongsTheSessionAndTellsWhenItHasEnded() {
        page.clock().install();
        page.navigate(gateway() + "/");
        signIn("analyst");
        feed.send("events", events(12, 100));
        assertThat(page.locator("#connection")).hasText("Live");

        var refresh =
                page.waitForRequest(
                        request ->
                                request.url().startsWith(keycloak())
                                        && request.method().equals("POST"),
                        () -> page.clock().fastForward("20:00"));
        assertThat(refresh.postData()).contains("grant_type=refresh_token");
        // The silence of twenty minutes has ended the first stream.
        await().until(() -> feed.opened() == 2);
        feed.send("events", events(13, 101));
        assertThat(page.locator("#rate")).hasText("13");

        page.route(
                url -> url.endsWith("/token"),
                route ->
                        route.fulfill(
                                new Route.FulfillOptions()
                                        .setStatus(400)
                                        .setHeaders(
                                                Map.of(
                                                        "Access-Control-Allow-Origin",
                                                        gateway(),
                                                        "Access-Control-Allow-Credentials",
                                                        "true"))
                                        .setBody("{\"error\":\"invalid_grant\"}")));
        page.clock().fastForward("20:00");
        assertThat(page.locator("#problem")).containsText("Your session has ended.");
        assertThat(page.locator("#problem-action")).hasText("Sign in");
        assertThat(page.locator("#rate")).hasText("13");
    }

    @Test
    void worksByKeyboardAndWithoutMotion() {
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        page.navigate(gateway() + "/");
        signIn("admin");
        feed.send("events", events(12, 100));
        feed.send("events", events(3.5, 104));
        assertThat(page.locator("#rate")).hasText("3.5");
        assertThat(drawnPixels()).isGreaterThan(100);

        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the figures")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#main")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.locator("#pause")).isFocused();
        page.keyboard().press("Enter");
        feed.send("membership", membership("m-1", "vip", "entered", "event", 84));
        assertThat(page.locator("#pause")).hasText("Resume (1 new)");
        assertThat(page.locator("#entries .entry")).hasCount(0);
        page.keyboard().press("Enter");
        assertThat(page.locator("#entries .entry")).hasCount(1);
        page.keyboard().press("Tab");
        assertThat(page.locator(".ticker .scroll")).isFocused();
        page.getByRole(AriaRole.LINK, named("Swagger UI")).click();
        assertThat(page.locator(".swagger-ui .info .title")).isVisible();
        assertThat(complaints).as("errors on the console").isEmpty();
    }

    @Test
    void tellsTheFirstStepWhereThereIsNothingYet() {
        segmentsAre("{\"items\":[],\"next\":null}");
        page.navigate(gateway() + "/");
        signIn("admin");
        feed.send("events", events(0, 0));

        assertThat(page.locator("#event-command")).containsText(gateway() + "/v1/events");
        assertThat(page.locator("#segment-command")).containsText("/v1/segments/recent-buyers");
        assertThat(page.locator("#segment-command")).isVisible();
        assertThat(page.locator("#no-campaigns")).isVisible();
        picture("first-steps");

        feed.send("events", events(1, 1));
        assertThat(page.locator("#event-command")).isHidden();
    }

    @Test
    void keepsTheLastFiguresWhileReportingIsAway() {
        page.navigate(gateway() + "/");
        signIn("analyst");
        feed.send("events", events(41, 100));
        assertThat(page.locator("#rate")).hasText("41");

        REPORTING.when(
                "/v1/live",
                exchange -> {
                    // A pause that only the button ends: the page must not come back by itself.
                    exchange.getResponseHeaders().set("Retry-After", "60");
                    FakeService.answer(
                            exchange,
                            503,
                            "application/problem+json",
                            "{\"status\":503,\"code\":\"starting\",\"detail\":\"Still catching"
                                    + " up.\"}");
                });
        feed.close();
        assertThat(page.locator("#problem")).containsText("Reporting is away. Still catching up.");
        assertThat(page.locator("#connection")).hasText("Reconnecting");
        assertThat(page.locator("#rate")).hasText("41");
        picture("reporting-away");

        REPORTING.when("/v1/live", feed);
        page.locator("#problem-action").click();
        await().until(() -> feed.watchers() == 1);
        feed.send("events", events(42, 142));
        assertThat(page.locator("#connection")).hasText("Live");
        assertThat(page.locator("#problem")).isHidden();
        assertThat(page.locator("#rate")).hasText("42");
    }

    @Test
    void tellsWhatHelpsWhereKeycloakIsNotReached() {
        page.route(url -> url.endsWith("/openid-configuration"), Route::abort);
        page.navigate(gateway() + "/");

        assertThat(page.locator("#sign-in-problem"))
                .containsText(keycloak() + "/realms/clientele does not answer");
        assertThat(page.locator("#sign-in-problem")).containsText("CLIENTELE_OIDC_PUBLIC_URL");
        page.unrouteAll();
        page.getByRole(AriaRole.BUTTON, named("Try again")).click();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Sign in"))).isEnabled();
    }

    @Test
    void tellsWhichRoleIsMissing() {
        page.navigate(gateway() + "/");
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        enterPassword("ingest");

        assertThat(page.locator("#problem"))
                .containsText("one of the roles [marketer, analyst, admin]");
        assertThat(page.locator("#problem-action")).hasText("Sign out");
    }

    // --- What is used above ----------------------------------------------------------------------

    private void signIn(String role) {
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        enterPassword(role);
        await().until(() -> feed.watchers() == 1);
    }

    private void enterPassword(String role) {
        page.locator("#username").fill("demo-" + role);
        page.locator("#password").fill(TestServers.userPassword("demo", role));
        page.locator("#kc-login").click();
    }

    /** A minute of the page's clock with figures at each second, in a moment of ours. */
    private void aMinutePasses() {
        var start = Clock.systemUTC().instant();
        for (int second = 0; second <= 60; second++) {
            double wave = Math.sin(second / 6.0) * 260 + Math.sin(second / 2.3) * 110;
            feed.send(
                    "events",
                    "{\"at\":\"%s\",\"perSecond\":%s,\"total\":%s}"
                            .formatted(
                                    start.plusSeconds(second),
                                    Math.round(900 + wave + second * 5),
                                    1_140_000 + second * 1050));
            feed.send("segments", sizes(48_210 + second * 7, 9_120 - second, 22_904));
            if (second % 4 == 0) {
                var segment = List.of("vip", "gold", "recent-buyers").get(second / 4 % 3);
                feed.send(
                        "membership",
                        membership(
                                "m-" + (100_000 + second * 377),
                                segment,
                                "entered",
                                "event",
                                40 + second));
            }
            page.waitForTimeout(30);
            page.clock().fastForward(1000);
        }
        feed.send("membership", membership("m-204118", "lapsing", "left", "time", 84));
        feed.send("left-out", "{\"leftOut\":312}");
        feed.send(
                "campaigns",
                """
                {"campaign":"win-back","contacts":4120,"responses":{"sent":4120,"delivered":4011,"opened":1718,"clicked":402,"goal":96,"unsubscribed":12}}\
                """);
        feed.send(
                "campaigns",
                """
                {"campaign":"welcome","contacts":860,"responses":{"sent":858,"delivered":851,"opened":512,"clicked":207,"redeemed":58}}\
                """);
        feed.send("segments", sizes(48_630, 9_059, 22_904));
    }

    private static String events(double perSecond, long total) {
        return "{\"at\":\"%s\",\"perSecond\":%s,\"total\":%s}"
                .formatted(Clock.systemUTC().instant(), perSecond, total);
    }

    private static String sizes(int recentBuyers, int lapsing, int newsletter) {
        return "{\"asOf\":\"%s\",\"sizes\":{\"recent-buyers\":%s,\"lapsing\":%s,\"newsletter\":%s}}"
                .formatted(Clock.systemUTC().instant(), recentBuyers, lapsing, newsletter);
    }

    private static String membership(
            String member, String segment, String change, String cause, int delayMillis) {
        var at = Instant.parse("2026-11-20T10:15:30.120Z");
        return """
        {"member":"%s","segment":"%s","change":"%s","at":"%s","recordedAt":"%s","cause":"%s"}\
        """
                .formatted(member, segment, change, at, at.plusMillis(delayMillis), cause);
    }

    private static void segmentsAre(String body) {
        SEGMENTATION.when(
                "/v1/segments",
                exchange -> FakeService.answer(exchange, 200, "application/json", body));
    }

    /** Pixels of the chart that are not empty. */
    private int drawnPixels() {
        return (int)
                page.evaluate(
                        """
                        () => {
                          const canvas = document.getElementById("chart");
                          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                          let count = 0;
                          for (let at = 3; at < data.length; at += 4) if (data[at] > 60) count++;
                          return count;
                        }
                        """);
    }

    private void picture(String name) {
        // What still runs to its place gets there.
        page.waitForTimeout(700);
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(name + ".png"))
                        .setFullPage(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static String gateway() {
        return "http://localhost:" + Gateway.port();
    }

    private static String keycloak() {
        var issuer =
                TestServers.environment(ServerKind.KEYCLOAK, "testkit")
                        .getOrDefault("CLIENTELE_OIDC_URL", "");
        return "http://" + URI.create(issuer).getAuthority();
    }
}
