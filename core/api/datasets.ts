// Datasets and their snapshots as the API answers them.
import * as z from "zod";
import { TrainingFacts } from "../bundle/training-facts.ts";

const JsonObject = z.record(z.string(), z.unknown());

export const DatasetSummary = z.object({
  name: z.string(),
  title: z.string(),
  version: z.int(),
  specHash: z.string(),
  public: z.boolean(),
  champion: z.string().nullable(),
});

export const DatasetAnswer = z.object({
  name: z.string(),
  spec: JsonObject,
  specHash: z.string(),
  public: z.boolean(),
  /** JSON Schema 2020-12 of a row. */
  rowSchema: JsonObject,
  /** A row to start from. */
  example: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  champion: z.object({ id: z.string(), family: z.string() }).nullable(),
  /** Of the champion's training rows, for forms: booleans are "true" and "false". Null where it does not say. */
  training: TrainingFacts.nullable(),
  /** How many items there are; null while the database does not answer. */
  rows: z.int().nullable(),
});

export const Snapshot = z.object({ dataset: z.string(), sha256: z.string(), created: z.boolean() });
