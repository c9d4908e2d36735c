// Worker entry of a fold pool: fits and predicts one fold at a time over shared rows.
import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { Family } from "../families/family.ts";
import { families } from "../families/index.ts";
import { type FoldPredictions, type FoldSubject, predictFold } from "./fold.ts";

export interface FoldRequest {
  /** Name in the registry: a family itself is code and cannot be posted. */
  readonly family: string;
  readonly params: Params;
  readonly fold: number;
}

export type FoldMessage =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly predictions: FoldPredictions }
  /** `isInput`: the family refuses these rows, in words for a person. */
  | { readonly kind: "failed"; readonly error: string; readonly isInput: boolean };

const tellEveryMs = 200;

const port = parentPort;
if (!port) throw new Error("fold-worker runs in a worker thread only");
const send = (message: FoldMessage) => port.postMessage(message);

port.on("message", async ({ family, params, fold }: FoldRequest) => {
  let toldMs = 0;
  const progress = (share: number) => {
    if (Date.now() - toldMs < tellEveryMs) return;
    toldMs = Date.now();
    send({ kind: "progress", share });
  };
  try {
    const found = (families as Readonly<Record<string, Family>>)[family];
    send({
      kind: "done",
      predictions: await predictFold(workerData as FoldSubject, found, params, fold, progress),
    });
  } catch (error) {
    const { message } = error as Error;
    send({ kind: "failed", error: message, isInput: error instanceof InputError });
  }
});
