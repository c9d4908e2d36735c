// Every bound of the Worker in one place: how large things may be and how long they may take.

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

export const limits = {
  /** Bytes beyond a body's bound that are still taken in, and dropped, before the connection is closed. */
  droppedBytes: 16 * megabyte,
  /** One row as JSON. */
  rowBytes: 64 * kilobyte,
  batchBytes: 25 * megabyte,
  batchRows: 100_000,
  /** A row of a batch as text: a line, a CSV record, an element of the JSON array. */
  batchRowCharacters: 64 * kilobyte,
  /** Rows that are priced and answered in one go; a multiple of what the evaluator takes at once. */
  batchBlockRows: 512,
  /** Bodies of batches that an isolate holds at the same time, of its 128 MB. */
  heldBytes: 60 * megabyte,
  sweepBytes: 64 * kilobyte,
  /** Points of a sweep: a curve, or the cells of a grid. */
  sweepPoints: 2500,
  sweepDefaultSteps: 25,
  /** Tensors of one inference request. */
  inferBytes: 5 * megabyte,
  inferRows: 10_000,
  specBytes: 256 * kilobyte,
  /** The body that moves an alias, gate report included: 300 segments whose levels have 200 characters of any script. */
  aliasBytes: 512 * kilobyte,
  formBytes: 8 * kilobyte,
  /** Bodies about users and keys. */
  identityBytes: 16 * kilobyte,
  /** Keys, ids that are no keys, and clients that an isolate remembers, each. */
  knownKeys: 2000,
  /** Live keys of one owner: under one name, so that a new one can follow an old one, and in all. */
  keysOfOneName: 2,
  keysOfOneOwner: 100,
  importBytes: 25 * megabyte,
  /** Their ids are held in memory, to find those that are given twice. */
  importRows: 200_000,
  importLineCharacters: 64 * kilobyte,
  /** Faulty lines that an import answers in full; the rest are counted. */
  rejectedLines: 100,
  /** The body of one item. */
  itemBytes: 64 * kilobyte,
  /** Rows of an index that one page of a filtered list looks at: beyond, the page ends short and its cursor goes on. */
  listScanRows: 20_000,
  /** Items of a dataset that may be listed in an order no index has: all of them are read for every page. */
  sortedItems: 250_000,
  /** How often a change under If-Match: * is tried again when another one comes between. */
  changeAttempts: 10,
  outcomeBytes: 4 * kilobyte,
  /** The latest outcomes that a summary is made of. */
  summarisedOutcomes: 100_000,
  /** A multipart bundle; it is held in memory, of which an isolate has 128 MB. */
  bundleBytes: 32 * megabyte,
  /** A data report with its page, as JSON. */
  dataReportBytes: 16 * megabyte,
  snapshotPackedBytes: 32 * megabyte,
  snapshotBytes: 512 * megabyte,
  /** Brackets within brackets in a JSON body. */
  jsonDepth: 64,
  /** A body as the request log keeps it, in bytes of JSON. */
  loggedBodyBytes: 16 * kilobyte,
  loggedPathBytes: 2 * kilobyte,
  /** Clients whose hashes an isolate remembers. */
  knownClients: 1000,
  /** Queues take 100 messages a batch. */
  queueBatchMessages: 100,
  /** Queues take 128 KB a message: log entries share one up to this. */
  queueMessageBytes: 120_000,
  /** Datasets with their champions that an isolate keeps in memory, and the bytes of those models' ONNX. */
  knownDatasets: 64,
  knownDatasetBytes: 24 * megabyte,
  /** Models beside the champions that an isolate keeps compiled, and the bytes of their ONNX. */
  otherModels: 4,
  otherModelBytes: 12 * megabyte,
  /** The largest explain.json that is read: parsing takes some five times as much for a moment, of the isolate's 128 MB. */
  explainFileBytes: 6 * megabyte,
  /** Explanations that an isolate can give without reading, and what they take. */
  explainers: 8,
  explainerBytes: 16 * megabyte,
  /** Of what is told about a file that explains nothing. */
  explainFaultCharacters: 500,
  /** How far back a cold isolate goes when the champion cannot be loaded. */
  formerChampions: 3,
  /** Columns that a batch carries through, and the characters of a value. */
  keptColumns: 20,
  keptCharacters: 200,
  similarItems: 100,
  /** Rows that a search for comparables reads beyond those asked for, to tell equally distant ones apart and to say their spread. */
  similarTies: 100,
  /** Other combinations of levels that relaxed comparables are looked for in: two scans each, within the 50 queries that D1 allows a request of the free plan. */
  similarNeighbours: 22,
  /** The bodies that ask for a job, report on one, and end one with its result. */
  jobBytes: 64 * kilobyte,
  reportBytes: 512 * kilobyte,
  resultBytes: 256 * kilobyte,
  /** Events of a job that one read takes, and reads of one stream: each is one of the 50 queries that D1 allows a request of the free plan. */
  eventPage: 200,
  eventReads: 45,
  /** A file for a batch; a zone of the free plan takes bodies of 100 MB. */
  fileBytes: 500 * megabyte,
  /** Bytes of a file that one message of a batch prices. */
  sliceBytes: 4 * megabyte,
  /** Parts of a result: R2 wants at least 5 MiB, all but the last alike. */
  partBytes: 5 * megabyte,
  /** Deliveries of one slice before its batch counts as failed. */
  sliceAttempts: 8,
  /** Dead letters that one request replays. */
  replayedLetters: 500,
  pageItems: 200,
  /** Rows where a challenger is furthest from the champion, as a summary names them. */
  worstRows: 10,
  /** Objects that one look for abandoned bundles goes through: each folder it empties is two more requests to R2 and two to D1. */
  listedObjects: 100,
} as const;

/** Of those bounds, what a caller without a key, or with a publishable one, gets: enough for a page, not for a file. */
const openLimits = {
  batchBytes: 5 * megabyte,
  batchRows: 20_000,
  sweepPoints: 1000,
  inferBytes: megabyte,
  inferRows: 2000,
} as const;

export type CallerLimits = { readonly [name in keyof typeof openLimits]: number };

/** The bounds that depend on who asks. */
export function limitsFor(kind: "anonymous" | "admin" | "user" | "key" | "publishable"): CallerLimits {
  return kind === "anonymous" || kind === "publishable" ? openLimits : limits;
}

/** How a description tells a bound that depends on who asks. */
export const boundText = (name: keyof CallerLimits) => `${limits[name]} (${openLimits[name]} without a key)`;

export const times = {
  /** How old what an isolate knows of a dataset may be before it asks again, behind the answer. */
  refreshAfterMs: 5_000,
  /** Beyond this age it asks first and answers then: no isolate prices with a pointer older than 10 s while storage answers. */
  staleAfterMs: 9_000,
  /** How long asking again may take in all, the loading of a new champion included. */
  refreshPatienceMs: 4_000,
  /** How long a challenger that cannot be loaded is left alone. */
  challengerRetryMs: 60_000,
  /** How long the loading of a challenger may take; nobody waits for it. */
  challengerPatienceMs: 10_000,
  /** How long a cold isolate waits for D1 before it starts from the copy in R2. */
  databasePatienceMs: 1_500,
  /** How long a request waits for the file that explains its price, and a price for what is asked beside it. */
  explanationPatienceMs: 2_000,
  /** How long log entries gather before they leave in one batch, and how long the queue may take over it. */
  logGatherMs: 50,
  queuePatienceMs: 10_000,
  /** A held body that nobody asked more of for so long belongs to a request that is gone. */
  holdPatienceMs: 60_000,
  /** How old files without a model row must be before they count as left behind: a publication under way is younger. */
  abandonedAfterMs: 24 * 60 * 60_000,
  /** How often a stream of events looks for more, and after how long it says that it is still there. */
  eventPollMs: 1_000,
  eventBeatMs: 15_000,
  /** How long one message may take over a slice before another may take it over. */
  sliceLeaseMs: 120_000,
  /** A batch that stood still for so long is sent a message anew. */
  batchPatienceMs: 10 * 60_000,
  /** After a failed training, how long none is queued by itself. */
  retrainRestMs: 6 * 3_600_000,
  tokenSeconds: 30 * 60,
  /** How far another machine's clock may be off. */
  clockSkewSeconds: 60,
  /** How long a refresh token waits for its use, and for how long it can be renewed before the password is asked again. */
  refreshTokenMs: 30 * 24 * 3_600_000,
  refreshFamilyMs: 90 * 24 * 3_600_000,
  /** How old what an isolate knows of a key may be: before it is asked again behind an answer, and before an answer waits for it. */
  keyFreshMs: 5_000,
  keyTrustMs: 10_000,
  /** How long a key that was good stays good while D1 does not answer. */
  keyGraceMs: 5 * 60_000,
  /** How often the use of a key is written down at most. */
  keyTouchMs: 60_000,
  /** How long a request waits for the platform to count it. */
  limiterPatienceMs: 100,
  /** The window of the login limiters in wrangler.toml. */
  loginWindowSeconds: 60,
  /** How long a running request holds its Idempotency-Key at most, and how long a key's answer is kept. */
  idempotencyRunMs: 5 * 60_000,
  idempotencyKeepMs: 24 * 3_600_000,
  /** What an import that died has put aside is dropped by later ones after this time. */
  stagedKeepMs: 3_600_000,
  retryAfterSeconds: 5,
} as const;
