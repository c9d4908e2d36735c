// The tables of D1. The migrations are generated from this file: `npx drizzle-kit generate`.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { jobKinds, jobStates } from "#core/api/jobs.ts";

/** Times are milliseconds since 1970. */
const millis = (name: string) => integer(name).notNull();

export const datasets = sqliteTable("datasets", {
  name: text("name").primaryKey(),
  title: text("title").notNull(),
  version: integer("version").notNull(),
  /** The spec as canonical JSON and its SHA-256. */
  spec: text("spec").notNull(),
  specHash: text("spec_hash").notNull(),
  createdAt: millis("created_at"),
  updatedAt: millis("updated_at"),
});

export const items = sqliteTable(
  "items",
  {
    dataset: text("dataset").notNull(),
    id: text("id").notNull(),
    /** A checked row as JSON, fields in the spec's order, so that equal rows are equal text. */
    features: text("features").notNull(),
    target: real("target"),
    /** The levels that similar items share, as a JSON array; null where the spec compares nothing. */
    matchKey: text("match_key"),
    /** The number by which similar items are near. */
    near: real("near"),
    revision: integer("revision").notNull(),
    createdAt: millis("created_at"),
    updatedAt: millis("updated_at"),
    deletedAt: integer("deleted_at"),
    /** What made the present revision, who, and with which request; null for rows from before this was kept. */
    action: text("action"),
    actor: text("actor"),
    request: text("request"),
    /** Where the item is: its cell on the curve of core/dataset/ground.ts; null where the spec compares no place. */
    cell: integer("cell"),
  },
  (table) => [
    primaryKey({ columns: [table.dataset, table.id] }),
    index("items_similar")
      .on(table.dataset, table.matchKey, table.near, table.id)
      .where(sql`deleted_at is null`),
    index("items_place")
      .on(table.dataset, table.matchKey, table.cell, table.near, table.deletedAt)
      .where(sql`deleted_at is null and cell is not null`),
    index("items_target").on(table.dataset, table.target, table.id).where(sql`deleted_at is null`),
    index("items_updated").on(table.dataset, table.updatedAt, table.id).where(sql`deleted_at is null`),
  ],
);

/** Revisions of items that later ones have superseded: the audit, together with the present revision in `items`. Rows are only ever added. */
export const itemRevisions = sqliteTable(
  "item_revisions",
  {
    dataset: text("dataset").notNull(),
    id: text("id").notNull(),
    revision: integer("revision").notNull(),
    features: text("features").notNull(),
    target: real("target"),
    /** When this revision was made, and whether by deleting the item. */
    updatedAt: millis("updated_at"),
    deletedAt: integer("deleted_at"),
    action: text("action"),
    actor: text("actor"),
    request: text("request"),
  },
  (table) => [primaryKey({ columns: [table.dataset, table.id, table.revision] })],
);

/** Checked items of an all-or-nothing import, a JSON array of many a row, until all of them become visible at once. */
export const stagedItems = sqliteTable(
  "staged_items",
  {
    /** The request that imports. */
    import: text("import").notNull(),
    chunk: integer("chunk").notNull(),
    packed: text("packed").notNull(),
    stagedAt: millis("staged_at"),
  },
  (table) => [
    primaryKey({ columns: [table.import, table.chunk] }),
    index("staged_items_oldest").on(table.stagedAt),
  ],
);

/** Idempotency-Keys with the answers that repetitions get. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    actor: text("actor").notNull(),
    key: text("key").notNull(),
    /** The request that holds the key. */
    request: text("request").notNull(),
    /** SHA-256 of method, path, query and body; null, as the answer, while the request runs. */
    bodySha256: text("body_sha256"),
    status: integer("status"),
    /** Header fields that belong to the answer, as JSON. */
    headers: text("headers"),
    body: text("body"),
    /** A running request holds the key so long, an answer is kept so long. */
    expiresAt: millis("expires_at"),
  },
  (table) => [
    primaryKey({ columns: [table.actor, table.key] }),
    index("idempotency_keys_oldest").on(table.expiresAt),
  ],
);

export const models = sqliteTable(
  "models",
  {
    dataset: text("dataset").notNull(),
    id: text("id").notNull(),
    /** SHA-256 of manifest.json, which holds every file's hash: the name of the bundle's folder in R2. */
    bundle: text("bundle").notNull(),
    family: text("family").notNull(),
    title: text("title").notNull(),
    params: text("params").notNull(),
    specHash: text("spec_hash").notNull(),
    dataSha256: text("data_sha256").notNull(),
    seed: integer("seed").notNull(),
    code: text("code").notNull(),
    metrics: text("metrics").notNull(),
    /** Name, SHA-256 and size of every file, as JSON. */
    files: text("files").notNull(),
    trainedAt: text("trained_at").notNull(),
    publishedAt: millis("published_at"),
  },
  (table) => [
    primaryKey({ columns: [table.dataset, table.id] }),
    index("models_newest").on(table.dataset, table.publishedAt, table.id),
  ],
);

export const aliases = sqliteTable(
  "aliases",
  {
    dataset: text("dataset").notNull(),
    alias: text("alias").notNull(),
    model: text("model").notNull(),
    revision: integer("revision").notNull(),
    updatedAt: millis("updated_at"),
  },
  (table) => [primaryKey({ columns: [table.dataset, table.alias] })],
);

/** The ledger of alias moves. Rows are only ever added; two moves to one revision cannot both be. */
export const aliasHistory = sqliteTable(
  "alias_history",
  {
    dataset: text("dataset").notNull(),
    alias: text("alias").notNull(),
    revision: integer("revision").notNull(),
    /** Where it points from then on; for a removal, where it pointed until then. */
    model: text("model").notNull(),
    previous: text("previous"),
    reason: text("reason").notNull(),
    gate: text("gate"),
    actor: text("actor").notNull(),
    request: text("request").notNull(),
    time: millis("time"),
    /** "move", "rollback", or "removal", after which the alias points nowhere. */
    kind: text("kind", { enum: ["move", "rollback", "removal"] })
      .notNull()
      .default("move"),
    /** Of a rollback: the revision whose model it brought back. */
    restores: integer("restores"),
  },
  (table) => [
    primaryKey({ columns: [table.dataset, table.alias, table.revision] }),
    // Whether a model was ever live: asked before one is deleted.
    index("alias_history_model").on(table.dataset, table.model),
  ],
);

/** Models that were deleted, by whom and when; while `finished_at` is null files of theirs may be left, and none of this id is published. */
export const modelDeletions = sqliteTable(
  "model_deletions",
  {
    dataset: text("dataset").notNull(),
    model: text("model").notNull(),
    actor: text("actor").notNull(),
    request: text("request").notNull(),
    startedAt: millis("started_at"),
    finishedAt: integer("finished_at"),
  },
  (table) => [primaryKey({ columns: [table.dataset, table.model] })],
);

/** What a challenger would have answered, beside what the champion did. */
export const shadowPrices = sqliteTable(
  "shadow_prices",
  {
    dataset: text("dataset").notNull(),
    /** The id of the request, which begins with its time: the order of the key is the order of time. */
    request: text("request").notNull(),
    champion: text("champion").notNull(),
    challenger: text("challenger").notNull(),
    championPrice: real("champion_price").notNull(),
    /** Null where the challenger gave none; `fault` then says why. */
    challengerPrice: real("challenger_price"),
    fault: text("fault"),
  },
  (table) => [primaryKey({ columns: [table.dataset, table.request] })],
);

/** The log of requests. Ids begin with their time, so the primary key is also the order of time. */
export const requests = sqliteTable(
  "requests",
  {
    id: text("id").primaryKey(),
    time: millis("time"),
    method: text("method").notNull(),
    route: text("route").notNull(),
    path: text("path").notNull(),
    dataset: text("dataset"),
    status: integer("status").notNull(),
    latencyMs: real("latency_ms").notNull(),
    modelId: text("model_id"),
    requestBody: text("request_body"),
    responseBody: text("response_body"),
    client: text("client"),
  },
  // Most requests answer 200 and cost no second written row: a walk of the primary key finds those at once.
  (table) => [index("requests_of_status").on(table.status, table.id).where(sql`status <> 200`)],
);

/** Trainings and batches. Ids begin with their time, so the primary key is also the order of time. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: jobKinds }).notNull(),
    dataset: text("dataset").notNull(),
    params: text("params").notNull(),
    state: text("state", { enum: jobStates }).notNull(),
    attempt: integer("attempt").notNull(),
    /** Names who holds the job: only with it can the job be reported on, for as long as it has not expired. */
    lease: text("lease"),
    leaseExpiresAt: integer("lease_expires_at"),
    worker: text("worker"),
    cancelRequestedAt: integer("cancel_requested_at"),
    progress: text("progress"),
    result: text("result"),
    error: text("error"),
    actor: text("actor").notNull(),
    idempotencyKey: text("idempotency_key"),
    /** Batches: slices that are done, slices that a message was sent for, and where the next one begins, as JSON. */
    slice: integer("slice"),
    sent: integer("sent"),
    work: text("work"),
    createdAt: millis("created_at"),
    startedAt: integer("started_at"),
    updatedAt: millis("updated_at"),
    finishedAt: integer("finished_at"),
  },
  (table) => [
    index("jobs_open").on(table.kind, table.id).where(sql`finished_at is null`),
    index("jobs_of_dataset").on(table.dataset, table.kind, table.id),
    uniqueIndex("jobs_asked_once")
      .on(table.actor, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
  ],
);

/** What happened to a job. Rows are only ever added. */
export const jobEvents = sqliteTable(
  "job_events",
  {
    job: text("job").notNull(),
    sequence: integer("sequence").notNull(),
    time: millis("time"),
    type: text("type").notNull(),
    data: text("data").notNull(),
  },
  (table) => [primaryKey({ columns: [table.job, table.sequence] })],
);

/** People. Rows are never deleted: a name stands in the ledger and must not pass to somebody else. */
export const users = sqliteTable("users", {
  name: text("name").primaryKey(),
  /** Algorithm, parameters, salt and hash in one text. */
  password: text("password").notNull(),
  /** As JSON, like those below. */
  scopes: text("scopes").notNull(),
  createdAt: millis("created_at"),
  createdBy: text("created_by").notNull(),
  disabledAt: integer("disabled_at"),
  /** Grows when the user is disabled, or gets other scopes or another password: access tokens of an older version end. */
  tokenVersion: integer("token_version").notNull().default(0),
});

/** Keys of programs and of pages. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    kind: text("kind").notNull(),
    /** SHA-256 of the whole key: 256 random bits need no salt and no slow hash. */
    hash: text("hash").notNull(),
    scopes: text("scopes").notNull(),
    origins: text("origins"),
    datasets: text("datasets"),
    owner: text("owner").notNull(),
    createdAt: millis("created_at"),
    expiresAt: integer("expires_at"),
    lastUsedAt: integer("last_used_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [index("api_keys_owner").on(table.owner, table.id)],
);

/** Refresh tokens: each is used once and followed by the next of its family; used ones stay until they expire, to be recognised. */
export const refreshTokens = sqliteTable(
  "refresh_tokens",
  {
    /** SHA-256 of the token. */
    hash: text("hash").primaryKey(),
    family: text("family").notNull(),
    user: text("user").notNull(),
    scopes: text("scopes").notNull(),
    createdAt: millis("created_at"),
    expiresAt: millis("expires_at"),
    /** When the whole family ends, however often it is renewed. */
    familyEndsAt: millis("family_ends_at"),
    /** The request that used it. */
    usedBy: text("used_by"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [
    index("refresh_tokens_family").on(table.family),
    index("refresh_tokens_user").on(table.user, table.expiresAt),
  ],
);

/** What priced things really cost, once known, beside what was predicted. Ids of requests begin with their time. */
export const outcomes = sqliteTable(
  "outcomes",
  {
    request: text("request").primaryKey(),
    dataset: text("dataset").notNull(),
    model: text("model").notNull(),
    prediction: real("prediction").notNull(),
    /** The interval that was answered; null where there was none. */
    low: real("low"),
    high: real("high"),
    coverage: real("coverage"),
    actual: real("actual").notNull(),
    actor: text("actor").notNull(),
    time: millis("time"),
  },
  (table) => [index("outcomes_newest").on(table.dataset, table.request)],
);
