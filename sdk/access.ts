// What a client shows to be let in: a fixed token or key, or a short token that is renewed before it ends and after a 401.

export interface Access {
  /** The token where it is a fixed one. */
  readonly fixed?: string;
  /** The token to send now; undefined where there is none. */
  token(): Promise<string | undefined>;
  /** After a 401: another token than `refused`, or undefined where there will be none. */
  renewed(refused: string | undefined): Promise<string | undefined>;
}

/** A token or key that its user keeps; there is nothing to renew. */
export function fixedAccess(token: string | undefined): Access {
  return { fixed: token, token: async () => token, renewed: async () => undefined };
}

/** A function is asked before every call and again after a 401, and renews as it sees fit. */
export function askedAccess(ask: () => string | Promise<string>): Access {
  return {
    token: async () => ask(),
    async renewed(refused) {
      const token = await ask();
      return token === refused ? undefined : token;
    },
  };
}

export interface HeldToken {
  readonly token: string;
  /** Milliseconds since 1970; Infinity for what does not end by our clock. */
  readonly endsAt: number;
}

export interface TokenSource {
  /** The token that is held now, ended or not. */
  held(): HeldToken | undefined;
  /** Gets the next one; undefined where there is none to be had. Runs once for all who wait. */
  renew(): Promise<string | undefined>;
}

/** A token is renewed when it has less than this left: what is sent now must still be good when it arrives. */
const marginMs = 60_000;

/** A token that is renewed shortly before it ends, and once after a 401. */
export function renewingAccess({ held, renew }: TokenSource): Access {
  let renewing: Promise<string | undefined> | undefined;
  const renewOnce = () => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  return {
    async token() {
      const present = held();
      return present && present.endsAt - Date.now() > marginMs ? present.token : renewOnce();
    },
    async renewed(refused) {
      if (refused === undefined) return undefined;
      const present = held();
      return present && present.token !== refused ? present.token : renewOnce();
    },
  };
}
