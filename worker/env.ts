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
  /** Secret: signs access tokens and keys the hash of client addresses. */
  readonly SIGNING_SECRET?: string;
}
