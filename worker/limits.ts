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
  similarItems: 100,
  /** Other combinations of levels that relaxed comparables are looked for in: two scans each, within the 50 queries that D1 allows a request of the free plan. */
  similarNeighbours: 22,
  /** Dead letters that one request replays. */
  replayedLetters: 500,
  pageItems: 200,
} as const;

export const times = {
  /** How old what an isolate knows of a dataset may be before it asks again, behind the answer. */
  refreshAfterMs: 5_000,
  /** How long a background refresh may be under way before another request may start one. */
  refreshPatienceMs: 20_000,
  /** How long a cold isolate waits for D1 before it starts from the copy in R2. */
  databasePatienceMs: 1_500,
  /** How long a request waits for the file that explains its price, and a price for what is asked beside it. */
  explanationPatienceMs: 2_000,
  /** How long log entries gather before they leave in one batch, and how long the queue may take over it. */
  logGatherMs: 50,
  queuePatienceMs: 10_000,
  /** A held body that nobody asked more of for so long belongs to a request that is gone. */
  holdPatienceMs: 60_000,
  tokenSeconds: 30 * 60,
  retryAfterSeconds: 5,
} as const;
