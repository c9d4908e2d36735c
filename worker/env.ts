// The bindings and secrets of the Worker, as wrangler.toml and .dev.vars name them.

/** One slice of a batch: slices before it are done. */
export interface SliceMessage {
  readonly job: string;
  readonly slice: number;
}

export interface Env {
  readonly DB: D1Database;
  readonly BUCKET: R2Bucket;
  /** Log entries as JSON text; the consumer writes them to D1. */
  readonly REQUEST_LOG: Queue<string>;
  /** Prices of challengers as JSON text; the consumer writes them to D1. */
  readonly SHADOW_LOG: Queue<string>;
  /** Slices of batches that are to be priced. */
  readonly BATCH_JOBS: Queue<SliceMessage>;
  readonly ASSETS: Fetcher;
  /** Names of datasets, separated by commas, that anyone may read and price with. */
  readonly PUBLIC_DATASETS: string;
  /** The share of predictions, 0 to 1, that the challenger prices too; 0 where it is not set. */
  readonly SHADOW_SHARE?: string;
  /** Secret: whoever holds it may do everything. */
  readonly ADMIN_TOKEN?: string;
  /** Secret: makes the first user, once. */
  readonly BOOTSTRAP_SECRET?: string;
  /** Secret: signs access tokens and keys the hash of client addresses. */
  readonly SIGNING_SECRET?: string;
  /** Secret: what SIGNING_SECRET was until lately; tokens that it signed are still good. */
  readonly SIGNING_SECRET_PREVIOUS?: string;
  /** "off" counts no requests; logins are throttled all the same. */
  readonly RATE_LIMITS?: string;
  /** Quota and seconds, as in "1000/10", of the limiter of the same name: it counts, but does not tell how far. */
  readonly CLIENT_RATE?: string;
  readonly KEY_RATE?: string;
  /** Requests without a key, and with a publishable one, by client. */
  readonly CLIENT_LIMITER?: RateLimit;
  /** Requests by key or user. */
  readonly KEY_LIMITER?: RateLimit;
  /** Attempts to log in, by user and by client. */
  readonly LOGIN_USER_LIMITER?: RateLimit;
  readonly LOGIN_CLIENT_LIMITER?: RateLimit;
}
