// Answers of batches as text: one JSON document, one CSV table, or one JSON line a row.
import type { FieldError } from "#core/api/problem.ts";
import { csvCell } from "#core/dataset/csv.ts";
import type { PricedBy } from "../serving/pricing.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import { answerColumns, type CarriedValue } from "./carried.ts";
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

const told = (remarks: readonly FieldError[]) =>
  remarks.map(({ pointer, detail }) => (pointer ? `${pointer}: ${detail}` : detail)).join("; ");

function cellsOf(priced: PricedRow): (number | string)[] {
  if ("errors" in priced) return ["", "", "", "", "", told(priced.errors)];
  const { prediction, interval, missing, warnings } = priced;
  return [prediction, interval.low, interval.high, missing.join(" "), told(warnings), ""];
}

/** What rows carry stands between their index and their price. */
export function csvAnswer(carried: readonly string[]): AnswerWriter {
  const line = (cells: readonly CarriedValue[]) =>
    `${cells.map((cell) => csvCell(typeof cell === "boolean" ? String(cell) : cell)).join(",")}\r\n`;
  const [index, ...rest] = answerColumns;
  return {
    head: line([index, ...carried, ...rest]),
    row: (priced) =>
      line([priced.index, ...carried.map((name) => priced.kept?.[name] ?? null), ...cellsOf(priced)]),
    tail: "",
  };
}
