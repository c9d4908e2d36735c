// One slice of a batch: read, priced, written and noted, once, however often its message is delivered.
import { InputError } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import type { Env, SliceMessage } from "../env.ts";
import { limits, times } from "../http/limits.ts";
import { findJobRow, type JobRow } from "../jobs/index.ts";
import type { WaitUntil } from "../serving/catalogue.ts";
import type { Isolate } from "../serving/isolate.ts";
import { resolveModel } from "../serving/model-reference.ts";
import type { ServedModel } from "../serving/pricing.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import { CarriedColumns } from "./carried.ts";
import { priceBlock } from "./priced-rows.ts";
import { type BatchOf, beginUpload, dropRest, dropUpload, isComplete, ResultParts } from "./result-parts.ts";
import { sendSlice } from "./slice-queue.ts";
import { readCsvSlice, readNdjsonSlice } from "./slice-rows.ts";
import { openSlice } from "./store/files.ts";
import * as store from "./store/slices.ts";
import { csvAnswer, ndjsonAnswer } from "./write-rows.ts";

export interface SliceContext {
  readonly env: Env;
  readonly isolate: Isolate;
  readonly waitUntil: WaitUntil;
}

/** "later": somebody else has the slice, and may die over it. */
export type SliceOutcome = "done" | "later";

async function findPinnedModel({ env, isolate, waitUntil }: SliceContext, of: BatchOf): Promise<ServedModel> {
  const known = await isolate.catalogue.find(env, of.dataset, waitUntil);
  if (!known) throw new Refusal("not-found", `no dataset is called "${of.dataset}"`);
  const service = { catalogue: isolate.catalogue, env };
  return (await resolveModel(service, of.dataset, known, { model: of.plan.model, at: undefined })).model;
}

/** Prices a slice into the parts of the result; where the batch stands then. */
async function priceSlice(context: SliceContext, of: BatchOf, before: store.BatchWork, slice: number) {
  const { env } = context;
  const { plan, subject } = of;
  const model = await findPinnedModel(context, of);
  const bytes = await openSlice(env, subject, plan, before.offset, limits.sliceBytes);
  const isLast = before.offset + bytes.length >= plan.bytes;
  const given = { bytes, isLast, header: before.header };
  const carried = new CarriedColumns(model.spec);
  const rows = plan.format === "csv" ? readCsvSlice(given, model.spec, carried) : readNdjsonSlice(given);
  const parts = await ResultParts.open(env, of, before, slice);
  // The header of the source says what its rows carry: it is known once the first group is read.
  const openWriter = async () => {
    const names = carried.names.filter((name) => rows.header()?.includes(name));
    const opened = plan.format === "csv" ? csvAnswer(names) : ndjsonAnswer();
    if (before.offset === 0) await parts.add(opened.head);
    return opened;
  };
  let writer: AnswerWriter | undefined;
  let [index, failed] = [before.rows, before.failed];
  for await (const group of rows.groups) {
    if (group.length === 0) continue;
    writer ??= await openWriter();
    const { row } = writer;
    for (let at = 0; at < group.length; at += limits.batchBlockRows) {
      const block = group.slice(at, at + limits.batchBlockRows);
      const priced = priceBlock(model, block, { coverage: plan.coverage, carried }, index);
      index += priced.length;
      failed += priced.filter((row) => "errors" in row).length;
      await parts.add(priced.map((one) => row(one, false)).join(""));
    }
  }
  if (!writer) await openWriter();
  const kept = await parts.keepRest(slice);
  const offset = before.offset + rows.consumed();
  return { ...before, ...kept, offset, rows: index, failed, header: rows.header() };
}

/** Makes the result appear, and ends the job. */
async function finish(env: Env, of: BatchOf, work: store.BatchWork, slice: number, lease: string) {
  if (!(await isComplete(env, of))) await (await ResultParts.open(env, of, work, slice)).complete();
  const { rows, failed } = work;
  const result = { file: of.plan.result, model: of.plan.model, rows, failed };
  await store.endBatch(env, of.job, lease, { state: "succeeded", result });
  await dropRest(env, of.job, slice - 1);
}

async function work(context: SliceContext, of: BatchOf, row: JobRow, lease: string, slice: number) {
  const { env } = context;
  const before = row.work === null ? undefined : (JSON.parse(row.work) as store.BatchWork);
  if (row.cancelRequestedAt !== null) {
    if (before) await dropUpload(env, of, before, slice);
    await store.endBatch(env, of.job, lease, { state: "cancelled" });
    return;
  }
  if (before && before.offset >= of.plan.bytes) return finish(env, of, before, slice, lease);
  const begun = before ?? {
    ...{ uploadId: await beginUpload(env, of), parts: [], restBytes: 0 },
    ...{ offset: 0, rows: 0, failed: 0 },
  };
  const after = await priceSlice(context, of, begun, slice);
  const bytes = of.plan.bytes;
  if (!(await store.advanceBatch(env, of.job, { lease, slice, work: after, bytes }))) return;
  await dropRest(env, of.job, slice - 1);
  await sendSlice(env, { job: of.job, slice: slice + 1 });
}

/** For a message that may not have its slice: sends for the next one if whoever did this one died before that. */
async function catchUp(env: Env, { job, slice }: SliceMessage): Promise<SliceOutcome> {
  const row = await findJobRow(env, job);
  if (!row || row.finishedAt !== null || row.slice === null) return "done";
  if (row.slice <= slice) return "later";
  if ((row.sent ?? 0) < row.slice) await sendSlice(env, { job, slice: row.slice });
  return "done";
}

/** Faults of the source or the request: another attempt would find them again. */
const isLasting = (error: unknown): error is InputError | Refusal =>
  error instanceof InputError || (error instanceof Refusal && error.kind !== "unavailable");

/** Does the slice of a message in its `attempt`th delivery. Rejects where another delivery may help. */
export async function runSlice(
  context: SliceContext,
  message: SliceMessage,
  attempt: number,
): Promise<SliceOutcome> {
  const { env } = context;
  const { job, slice } = message;
  const taken = await store.claimSlice(env, job, slice, times.sliceLeaseMs);
  if (!taken) return catchUp(env, message);
  const { row, lease } = taken;
  const of = { job, dataset: row.dataset, subject: row.actor, plan: JSON.parse(row.params) };
  try {
    await work(context, of, row, lease, slice);
    return "done";
  } catch (error) {
    const isOver = isLasting(error) || attempt >= limits.sliceAttempts;
    if (!isOver) {
      await store.releaseSlice(env, job, lease);
      throw error;
    }
    console.error(`${job}: slice ${slice} is given up`, error);
    const detail = isLasting(error) ? error.message : "the storage failed again and again";
    await store.endBatch(env, job, lease, { state: "failed", error: detail });
    if (row.work !== null) await dropUpload(env, of, JSON.parse(row.work), slice);
    return "done";
  }
}
