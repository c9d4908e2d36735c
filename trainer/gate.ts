// The champion on a run's held-out rows, and a challenger held against it row by row.
import { InputError } from "#core/api/problem.ts";
import { type GateReport, judgeChallenger } from "#core/metrics/gate.ts";
import { priceTable } from "./evaluation.ts";
import type { PreparedData } from "./prepare.ts";
import { seeded } from "./random.ts";

export interface Opponent {
  readonly id: string;
  readonly title?: string;
  /** Its prices of the held-out rows. */
  readonly predicted: Float64Array;
}

/** The opponent that these ONNX bytes are; undefined where they were made for another spec and cannot price the rows. */
export function toOpponent(data: PreparedData, id: string, onnx: Uint8Array): Opponent | undefined {
  try {
    const predicted = priceTable(data.spec, onnx, data.test);
    return predicted.every(Number.isFinite) ? { id, predicted } : undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** The gate's verdict on a challenger's prices of the held-out rows; the run's seed decides what the bootstrap draws. */
export function challenge(data: PreparedData, predicted: Float64Array, opponent: Opponent): GateReport {
  const { spec, test, seed } = data;
  const duel = {
    spec,
    table: test,
    actual: test.target,
    champion: opponent.predicted,
    challenger: predicted,
  };
  return judgeChallenger(duel, { random: seeded(seed) });
}
