// Who is signed in on this tab: kept in sessionStorage alone, renewed before it ends, and shared with a tab that was duplicated.
import { Failure } from "../engines/failure.ts";
import type { AccessToken } from "./answers.ts";

const storageKey = "appraise-session";
/** Renewed so long before it ends, so that a request on its way is not refused. */
const marginMs = 60_000;

interface Kept {
  readonly token: string;
  /** Null for what does not end by our clock: the admin token, an API key. */
  readonly endsAt: number | null;
  readonly refresh: string | null;
  /** As shown to the person: their name, or what kind of token this is. */
  readonly name: string;
  /** Null where nobody has told: a key's scopes are the server's to know. */
  readonly scopes: readonly string[] | null;
}

export class Session extends EventTarget {
  #kept: Kept | undefined;
  #renewal: Promise<boolean> | undefined;
  // A duplicated tab begins with a copy of the refresh token, and its second use would end the whole login: whoever renews tells the other.
  readonly #channel = new BroadcastChannel(storageKey);
  /** Why the last session ended, where the person did not end it. */
  message = "";

  private readonly storage: Storage;

  constructor(storage: Storage) {
    super();
    this.storage = storage;
    try {
      this.#kept = JSON.parse(storage.getItem(storageKey) ?? "null") ?? undefined;
    } catch {
      storage.removeItem(storageKey);
    }
    this.#channel.onmessage = ({ data }: MessageEvent<{ before: string; after: Kept | null }>) => {
      if (!this.#kept?.refresh || data.before !== this.#kept.refresh) return;
      this.#keep(data.after ?? undefined, data.after ? "" : "You signed out in another tab.");
    };
  }

  get current(): Kept | undefined {
    return this.#kept;
  }

  /** Signs a user in. Throws a Failure with the server's words. */
  async signIn(name: string, password: string): Promise<void> {
    const answer = await askToken({ grant_type: "password", username: name, password });
    this.#keep(keptOf(answer, name));
  }

  /** Takes over a token or key that was pasted, once the server has said that it is one. */
  async useToken(text: string): Promise<void> {
    const token = text.trim();
    // Characters no header may hold would fail as if the server were away.
    if (!/^[\w.~+/=-]{1,4096}$/.test(token)) throw new Failure("refused", "this is no token or key", [], 401);
    const answer = await fetch("/v1/datasets", { headers: { authorization: `Bearer ${token}` } }).catch(
      () => {
        throw new Failure("network", "no connection");
      },
    );
    if (answer.status === 401) throw await refusalOf(answer);
    if (!answer.ok) throw new Failure("service", `the server answers ${answer.status}`, [], answer.status);
    const claims = claimsOf(token);
    const name = claims ? String(claims.sub) : (/^a?pk_[0-9a-z]+/.exec(token)?.[0] ?? "a pasted token");
    const scopes = claims ? String(claims.scope ?? "").split(" ") : null;
    const endsAt = typeof claims?.exp === "number" ? claims.exp * 1000 : null;
    this.#keep({ token, endsAt, refresh: null, name, scopes });
  }

  /** The token for the next request; undefined where nobody is signed in. */
  async token(): Promise<string | undefined> {
    const kept = this.#kept;
    if (kept?.refresh && kept.endsAt !== null && kept.endsAt - marginMs < Date.now()) await this.renew();
    return this.#kept?.token;
  }

  /** Trades the refresh token for the next one, once for all who ask at a time. False where that ended the session. */
  renew(): Promise<boolean> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Ends the session here; a user's login ends on the server too. */
  signOut(message = ""): void {
    const refresh = this.#kept?.refresh;
    if (refresh) {
      const body = new URLSearchParams({ token: refresh });
      void fetch("/v1/oauth/revoke", { method: "POST", body, keepalive: true }).catch(() => undefined);
      this.#channel.postMessage({ before: refresh, after: null });
    }
    this.#keep(undefined, message);
  }

  async #renewOnce(): Promise<boolean> {
    const before = this.#kept;
    return navigator.locks.request(storageKey, async () => {
      // The other tab's news may have come while this one waited for the lock, or come now.
      await new Promise((resume) => setTimeout(resume));
      if (this.#kept !== before) return this.#kept !== undefined;
      if (!before?.refresh) return this.#end();
      try {
        const answer = await askToken({ grant_type: "refresh_token", refresh_token: before.refresh });
        // Whoever signed out meanwhile stays signed out.
        if (this.#kept !== before) return this.#kept !== undefined;
        this.#keep(keptOf(answer, before.name));
        this.#channel.postMessage({ before: before.refresh, after: this.#kept ?? null });
        return true;
      } catch (error) {
        if (error instanceof Failure && error.kind === "refused") return this.#end();
        throw error;
      }
    });
  }

  #end(): false {
    this.#keep(undefined, "Your session has ended. Sign in again to go on where you were.");
    return false;
  }

  #keep(kept: Kept | undefined, message = ""): void {
    this.#kept = kept;
    this.message = message;
    if (kept) this.storage.setItem(storageKey, JSON.stringify(kept));
    else this.storage.removeItem(storageKey);
    this.dispatchEvent(new Event("change"));
  }
}

function keptOf({ access_token: token, expires_in, scope, refresh_token }: AccessToken, name: string): Kept {
  const endsAt = Date.now() + expires_in * 1000;
  return { token, endsAt, refresh: refresh_token ?? null, name, scopes: scope.split(" ") };
}

/** What an access token says of itself; undefined for what is none. For showing only: the server decides. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function refusalOf(answer: Response): Promise<Failure> {
  const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
  return new Failure("refused", detail ?? `the server answers ${answer.status}`, [], answer.status);
}

async function askToken(form: Readonly<Record<string, string>>): Promise<AccessToken> {
  const answer = await fetch("/v1/oauth/token", { method: "POST", body: new URLSearchParams(form) }).catch(
    () => {
      throw new Failure("network", "no connection");
    },
  );
  if (answer.status >= 500) throw new Failure("service", "the server has a problem", [], answer.status);
  if (!answer.ok) throw await refusalOf(answer);
  return answer.json();
}

export const session = new Session(sessionStorage);
