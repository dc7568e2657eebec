// Signing in by authorization code with PKCE. Tokens are held in memory only.
import Keycloak from "/vendor/keycloak-js/26.2.4/keycloak.js";

// Says only that somebody was signed in, so that a reload asks the provider instead of the person.
const WAS_SIGNED_IN = "clientele.wasSignedIn";
const CHECK_EVERY = 30_000;

/** The session is over, or the provider is away; `remedy` says what helps. */
export class SignInError extends Error {
  constructor(message, remedy, isSignedOut = false) {
    super(message);
    this.remedy = remedy;
    this.isSignedOut = isSignedOut;
  }
}

export class SignIn {
  #keycloak = null;
  #timer = 0;

  /** Called once when the session can no longer be prolonged. */
  onEnded = () => {};

  /**
   * Learns where to sign in, and ends a sign-in that has just come back.
   *
   * @returns {Promise<boolean>} whether somebody is signed in now
   */
  async load() {
    if (!window.isSecureContext) {
      throw new SignInError(
        "This address cannot be signed in to.",
        "Browsers allow it on https, localhost and 127.0.0.1 only. Open one of these.",
      );
    }
    const facts = await this.#facts();
    this.#keycloak = new Keycloak({ oidcProvider: facts.issuer, clientId: facts.client });
    const options = {
      flow: "standard",
      pkceMethod: "S256",
      responseMode: "fragment",
      checkLoginIframe: false,
      redirectUri: `${location.origin}/`,
    };
    if (sessionStorage.getItem(WAS_SIGNED_IN)) {
      // Once: what fails must not be tried at each reload.
      sessionStorage.removeItem(WAS_SIGNED_IN);
      options.onLoad = "check-sso";
    }
    let isIn;
    try {
      isIn = await this.#keycloak.init(options);
    } catch (error) {
      const said = error?.error_description ?? error?.error;
      throw said
        ? new SignInError(`Signing in failed: ${said}.`, "Try again; if it stays, ask whoever runs the OpenID provider.")
        : new SignInError(
            `Signing in is not possible now: ${facts.issuer} does not answer.`,
            "./clientele status tells whether Keycloak runs. If browsers reach it by another address, set CLIENTELE_OIDC_PUBLIC_URL.",
          );
    }
    if (isIn) {
      sessionStorage.setItem(WAS_SIGNED_IN, "yes");
      this.#timer = setInterval(() => this.token().catch(() => {}), CHECK_EVERY);
    }
    return isIn;
  }

  async #facts() {
    try {
      const response = await fetch("/sign-in.json");
      if (response.ok) return await response.json();
    } catch {
      // Said below.
    }
    throw new SignInError("The gateway does not answer.", "./clientele status tells whether it runs.");
  }

  begin() {
    return this.#keycloak.login({ redirectUri: `${location.origin}/` });
  }

  end() {
    clearInterval(this.#timer);
    sessionStorage.removeItem(WAS_SIGNED_IN);
    return this.#keycloak.logout({ redirectUri: `${location.origin}/` });
  }

  /**
   * An access token with at least half of its life before it. A refresh that fails because the
   * provider is away is no harm as long as the token is good.
   */
  async token() {
    const keycloak = this.#keycloak;
    const parsed = keycloak.tokenParsed;
    const life = parsed ? parsed.exp - parsed.iat : 60;
    try {
      await keycloak.updateToken(life / 2);
    } catch {
      // keycloak-js forgets the token when the provider refuses, and keeps it when it is away.
      if (!keycloak.authenticated || keycloak.isTokenExpired(0)) {
        clearInterval(this.#timer);
        this.onEnded();
        throw new SignInError("Your session has ended.", "Sign in again to go on.", true);
      }
    }
    return keycloak.token;
  }

  /** @returns {{name: string, program: string, roles: string[]}} */
  get person() {
    const claims = this.#keycloak.tokenParsed ?? {};
    return {
      name: claims.preferred_username ?? claims.sub ?? "",
      program: claims.program ?? "",
      roles: claims.realm_access?.roles ?? [],
    };
  }
}
