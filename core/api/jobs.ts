// Jobs as the API takes and answers them: trainings that a trainer claims, and large batches that the Worker prices itself.
import * as z from "zod";
import { FieldName } from "../dataset/field-name.ts";
import { familyNames } from "./family-names.ts";

export const jobKinds = ["train", "batch"] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStates = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export type JobState = (typeof jobStates)[number];

const bounds = {
  params: 50,
  trials: 10_000,
  timeoutSeconds: 24 * 3600,
  models: 1000,
  seed: 2 ** 32 - 1,
  leaseSeconds: 600,
  lines: 100,
  lineCharacters: 2000,
} as const;

const Param = z.union([z.number(), z.string().max(200), z.boolean(), z.null()]);

/** The body of POST /v1/{dataset}/train: what `appraise train` takes as options. {} retrains every family on the current items. */
export const TrainRequest = z
  .strictObject({
    families: z
      .array(z.enum(familyNames))
      .min(1)
      .max(familyNames.length)
      .refine((names) => new Set(names).size === names.length, "expected each family once")
      .optional(),
    /** Settings of the one family in place of its own candidates. */
    preset: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, "expected lower-case letters, digits and -")
      .optional(),
    /** Parameters of the one family that are fixed. */
    params: z
      .record(FieldName, Param)
      .refine(
        (params) => Object.keys(params).length <= bounds.params,
        `expected at most ${bounds.params} names`,
      )
      .optional(),
    trials: z.int().min(1).max(bounds.trials).optional(),
    /** Seconds after which a search starts no trial. */
    timeout: z.number().positive().max(bounds.timeoutSeconds).optional(),
    /** How many candidates of each family become models. */
    models: z.int().min(1).max(bounds.models).optional(),
    seed: z.int().min(0).max(bounds.seed).optional(),
    /** Rows: the server's current items, or what the spec of the trainer's own data/<name> names. */
    source: z.enum(["items", "file"]).default("items"),
    promote: z.enum(["auto", "always", "never"]).default("auto"),
    reason: z.string().trim().min(1).max(1000).optional(),
  })
  .superRefine((request, context) => {
    const fault = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    for (const name of ["preset", "params"] as const)
      if (request[name] !== undefined && request.families?.length !== 1)
        fault(name, "expected exactly one family in families beside it");
    if (request.promote === "always" && request.reason === undefined)
      fault("reason", "required, since promote always overrules the gate");
  });
export type TrainRequest = z.infer<typeof TrainRequest>;

/** Names of files: no folder, nothing that a path could be made of. */
export const FileName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
    "expected 1 to 200 letters, digits, dots, - and _, starting with a letter or digit",
  );

export const fileFormats = ["csv", "ndjson"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** The body of POST /v1/{dataset}/predict/jobs. */
export const BatchRequest = z
  .strictObject({
    /** A file that the caller has put under /v1/files. */
    source: FileName,
    /** The file that the prices become, once all are there. */
    result: FileName,
    /** Of both files; what the source's name ends in where it is left out. */
    format: z.enum(fileFormats).optional(),
    model: z.string().min(1).max(100).optional(),
    coverage: z.number().min(0.5).max(0.99).optional(),
  })
  .refine(({ source, result }) => source !== result, {
    path: ["result"],
    message: "expected another name than the source's",
  });

const WorkerName = z
  .string()
  .regex(/^[\w.:@-]{1,100}$/, "expected 1 to 100 letters, digits and any of _ . : @ -");

/** The body of POST /v1/jobs/claim. */
export const Claim = z.strictObject({
  worker: WorkerName,
  kinds: z.array(z.literal("train")).min(1).max(1).default(["train"]),
  leaseSeconds: z.number().min(1).max(bounds.leaseSeconds).default(60),
});

const Lease = z.string().regex(/^[0-9a-f]{64}$/, "expected the lease that claiming the job answered");

export const JobProgress = z.strictObject({
  /** What is being done, for people. */
  label: z.string().max(200),
  done: z.number().min(0),
  total: z.number().min(0),
  note: z.string().max(500).optional(),
});
export type JobProgress = z.infer<typeof JobProgress>;

export const Heartbeat = z.strictObject({ lease: Lease });
export const JobReport = z.strictObject({
  lease: Lease,
  progress: JobProgress.optional(),
  lines: z.array(z.string().max(bounds.lineCharacters)).max(bounds.lines).default([]),
});
export const Completion = z.strictObject({ lease: Lease, result: z.record(z.string(), z.unknown()) });
export const Failure = z.strictObject({
  lease: Lease,
  error: z.string().trim().min(1).max(2000),
  /** Whether another attempt may succeed: a server that was away, not rows that cannot be fitted. */
  retry: z.boolean().default(false),
});

const Instant = z.iso.datetime();

export const Job = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  dataset: z.string(),
  params: z.record(z.string(), z.unknown()),
  state: z.enum(jobStates),
  /** How often it has been claimed, and how often it may be. */
  attempt: z.int(),
  attempts: z.int(),
  worker: z.string().nullable(),
  cancelRequested: z.boolean(),
  progress: JobProgress.nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.string().nullable(),
  actor: z.string(),
  createdAt: Instant,
  /** When it was last claimed. */
  startedAt: Instant.nullable(),
  updatedAt: Instant,
  finishedAt: Instant.nullable(),
});
export type Job = z.infer<typeof Job>;

export const ClaimedJob = Job.extend({ lease: z.string(), leaseSeconds: z.number() });
export type ClaimedJob = z.infer<typeof ClaimedJob>;

export const HeartbeatAnswer = z.object({
  /** Whether somebody wants it to end: stop and report a failure. */
  cancelRequested: z.boolean(),
  leaseExpiresAt: Instant,
});

export const StoredFile = z.object({
  name: z.string(),
  bytes: z.int(),
  etag: z.string(),
  uploadedAt: Instant,
  /** Of a file that a job wrote. */
  job: z.string().nullable(),
  model: z.string().nullable(),
});
export type StoredFile = z.infer<typeof StoredFile>;
