// Answers of batches as text: one JSON document, one CSV table, or one JSON line a row.
import type { FieldError } from "#core/api/problem.ts";
import { csvCell } from "#core/dataset/csv.ts";
import type { PricedBy } from "../serving/pricing.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import type { PricedRow } from "./priced-rows.ts";

/** What an answer says once, before its rows. */
export interface BatchHead {
  readonly id: string;
  readonly unit: string;
  readonly model: PricedBy;
}

export function jsonAnswer(head: BatchHead): AnswerWriter {
  return {
    head: `${JSON.stringify(head).slice(0, -1)},"items":[`,
    row: (priced, isFirst) => (isFirst ? "" : ",") + JSON.stringify(priced),
    tail: "]}",
  };
}

export function ndjsonAnswer(): AnswerWriter {
  return { head: "", row: (priced) => `${JSON.stringify(priced)}\n`, tail: "" };
}

const columns = ["index", "prediction", "low", "high", "missing", "warnings", "errors"];

const told = (remarks: readonly FieldError[]) =>
  remarks.map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail)).join("; ");

function csvLine(priced: PricedRow): string {
  const cells =
    "errors" in priced
      ? [priced.index, "", "", "", "", "", told(priced.errors)]
      : [
          ...[priced.index, priced.prediction, priced.interval.low, priced.interval.high],
          ...[priced.missing.join(" "), told(priced.warnings), ""],
        ];
  return `${cells.map(csvCell).join(",")}\r\n`;
}

export function csvAnswer(): AnswerWriter {
  return { head: `${columns.join(",")}\r\n`, row: csvLine, tail: "" };
}
