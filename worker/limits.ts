// Every bound of the Worker in one place: how large things may be and how long they may take.

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

export const limits = {
  /** Bytes beyond a body's bound that are still taken in, and dropped, before the connection is closed. */
  droppedBytes: 16 * megabyte,
  /** One row as JSON. */
  rowBytes: 64 * kilobyte,
  batchBytes: 5 * megabyte,
  batchRows: 10_000,
  specBytes: 256 * kilobyte,
  /** The body that moves an alias, gate report included: 300 segments whose levels have 200 characters of any script. */
  aliasBytes: 512 * kilobyte,
  formBytes: 8 * kilobyte,
  importBytes: 10 * megabyte,
  importLineCharacters: 64 * kilobyte,
  /** Faulty lines that an import answers in full; the rest are counted. */
  rejectedLines: 100,
  /** A multipart bundle; it is held in memory, of which an isolate has 128 MB. */
  bundleBytes: 32 * megabyte,
  snapshotPackedBytes: 32 * megabyte,
  snapshotBytes: 512 * megabyte,
  /** Brackets within brackets in a JSON body. */
  jsonDepth: 64,
  /** A body as the request log keeps it, in bytes of JSON. */
  loggedBodyBytes: 16 * kilobyte,
  loggedPathBytes: 2 * kilobyte,
  /** Queues take 128 KB a message, 100 messages and 256 KB a batch. */
  queueBatchMessages: 100,
  queueBatchBytes: 240_000,
  /** Models beside the champions that an isolate keeps compiled. */
  otherModels: 4,
  similarItems: 100,
  pageItems: 200,
} as const;

export const times = {
  /** How old what an isolate knows of a dataset may be before it asks again, behind the answer. */
  refreshAfterMs: 5_000,
  /** How long a background refresh may be under way before another request may start one. */
  refreshPatienceMs: 20_000,
  /** How long a cold isolate waits for D1 before it starts from the copy in R2. */
  databasePatienceMs: 1_500,
  /** How long log entries gather before they leave in one batch. */
  logGatherMs: 50,
  tokenSeconds: 30 * 60,
  retryAfterSeconds: 5,
} as const;
