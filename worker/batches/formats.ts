// The formats of batches: how rows are read from each and how answers are written in each.
import type { GivenRow } from "#core/dataset/csv-rows.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import type { CarriedColumns } from "./carried.ts";
import { readCsvRows, readJsonRows, readNdjsonRows } from "./read-rows.ts";
import { type BatchHead, csvAnswer, jsonAnswer, ndjsonAnswer } from "./write-rows.ts";

/** Rows of a body in groups, in their order. Throws a refusal or InputError for a body that is not of the format. */
export type ReadRows = (
  chunks: AsyncIterable<Uint8Array>,
  spec: DatasetSpec,
  carried: CarriedColumns,
) => AsyncGenerator<GivenRow[]>;

export interface BatchFormat {
  /** The content type of the answer, in full. */
  readonly answerType: string;
  readonly read: ReadRows;
  /** `columns`: what rows carry. */
  readonly write: (head: BatchHead, columns: readonly string[]) => AnswerWriter;
}

export type BatchType = "application/json" | "text/csv" | "application/x-ndjson";

export const batchFormats: Record<BatchType, BatchFormat> = {
  "application/json": { answerType: "application/json", read: readJsonRows, write: jsonAnswer },
  "text/csv": {
    answerType: "text/csv; charset=utf-8",
    read: readCsvRows,
    write: (_, columns) => csvAnswer(columns),
  },
  "application/x-ndjson": { answerType: "application/x-ndjson", read: readNdjsonRows, write: ndjsonAnswer },
};

export const batchTypes = Object.keys(batchFormats) as BatchType[];
