// How the text of a batch's answer is made.
import type { PricedRow } from "./priced-rows.ts";

/** The text of an answer around and for its rows; `isFirst`: no row was written before. */
export interface AnswerWriter {
  readonly head: string;
  readonly row: (priced: PricedRow, isFirst: boolean) => string;
  readonly tail: string;
}
