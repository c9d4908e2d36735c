// A logged prediction priced again: by the model in the log, and by whichever model the ledger says was live.

import { InputError } from "#core/api/problem.ts";
import { ApiFault } from "../../sdk/api-fault.ts";
import { type LoggedAnswer, PredictAnswer } from "../client/answers.ts";
import type { Client } from "../client/client.ts";

/** How long a move takes to reach every isolate: until then one may still answer with the model before. */
const spreadingMs = 10_000;

interface LoggedPrediction {
  readonly dataset: string;
  readonly row: unknown;
  readonly answer: PredictAnswer;
  readonly timeMs: number;
  readonly latencyMs: number;
  /** The moment that the request itself asked for. */
  readonly at: string | undefined;
}

function parseText(what: string, text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    throw new InputError(`the ${what} is not whole in the log, so it cannot be priced again`);
  }
}

/** What a log entry says of a prediction. Throws InputError for another request, a refused one, or one that the log cut. */
export function readPrediction(entry: LoggedAnswer): LoggedPrediction {
  const { dataset, route, method, status } = entry;
  if (dataset === null || method !== "POST" || !route.endsWith("/predict"))
    throw new InputError(`${entry.id}: expected a prediction of one row; this was ${method} ${route}`);
  if (status !== 200) throw new InputError(`${entry.id}: expected a price; it was answered with ${status}`);
  const answer = PredictAnswer.safeParse(parseText("answer", entry.responseBody));
  if (!answer.success) throw new InputError(`${entry.id}: the answer in the log is no price`);
  return {
    dataset,
    row: parseText("row", entry.requestBody),
    answer: answer.data,
    timeMs: Date.parse(entry.time),
    latencyMs: entry.latencyMs,
    at: new URL(entry.path, "http://log").searchParams.get("at") ?? undefined,
  };
}

/** Every number in which two answers differ, in words; empty where all digits are the same. */
export function findDifferences(logged: PredictAnswer, replayed: PredictAnswer): string[] {
  const numbers = ({ prediction, interval }: PredictAnswer) => ({
    prediction,
    "interval.low": interval?.low,
    "interval.high": interval?.high,
    "interval.coverage": interval?.coverage,
  });
  const after = numbers(replayed);
  const entries = Object.entries(numbers(logged)) as [keyof typeof after, number | undefined][];
  return entries
    .filter(([name, value]) => !Object.is(value, after[name]))
    .map(([name, value]) => `${name} was ${value} and is ${after[name]}`);
}

function queryOf({ answer }: LoggedPrediction): Record<string, string> {
  return answer.interval ? { coverage: String(answer.interval.coverage) } : {};
}

/** The price by the model that the log names. */
export async function priceByModel(client: Client, logged: LoggedPrediction): Promise<PredictAnswer> {
  const query = { ...queryOf(logged), model: logged.answer.model.id };
  return client.predict(logged.dataset, logged.row, query);
}

/** What the ledger says: the model that was live at the moment, and whether that moment lies in the spreading of a move. */
export interface LedgerCheck {
  readonly at: string;
  readonly model: string | null;
  readonly isSpreading: boolean;
  readonly differences: readonly string[];
}

/** The price at a moment; undefined where nothing was live then. */
async function priceAt(client: Client, logged: LoggedPrediction, at: string) {
  const { dataset, row, answer } = logged;
  try {
    return await client.predict(dataset, row, { ...queryOf(logged), model: answer.model.alias ?? "", at });
  } catch (error) {
    if (error instanceof ApiFault && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  }
}

/**
 * Prices the row by the model that was live when it was logged. Null where the request named its model by id: the ledger has no part
 * in that. A move a moment before or while the request was answered may not have reached its isolate, or have overtaken it.
 */
export async function checkLedger(client: Client, logged: LoggedPrediction): Promise<LedgerCheck | null> {
  const { answer, timeMs, latencyMs } = logged;
  if (!answer.model.alias) return null;
  const iso = (ms: number) => new Date(ms).toISOString();
  const moments =
    logged.at !== undefined
      ? [logged.at]
      : [iso(timeMs), iso(timeMs - spreadingMs), iso(timeMs + Math.ceil(latencyMs))];
  let first: LedgerCheck | undefined;
  for (const [index, at] of moments.entries()) {
    const price = await priceAt(client, logged, at);
    const isSame = price?.model.id === answer.model.id;
    const differences = price ? findDifferences(answer, price) : ["nothing was live then"];
    const check = { at, model: price?.model.id ?? null, isSpreading: index > 0, differences };
    if (isSame) return check;
    first ??= check;
  }
  return first ?? null;
}
