// Decides whether the best new model becomes champion: both priced on the same held-out rows, the alias moved by compare and swap.
import { comparedErrors, type GateReport } from "#core/metrics/gate.ts";
import { taskOf } from "#core/tasks/index.ts";
import type { MainMetric } from "#core/tasks/task.ts";
import type { Bundle } from "../bundle.ts";
import type { AliasState, Client } from "../client/client.ts";
import { priceTable } from "../evaluation.ts";
import { challenge, type Opponent, toOpponent } from "../gate.ts";
import type { PreparedData } from "../prepare.ts";
import { championAlias, type PromotionMode } from "./promotion-mode.ts";

/** What was compared: the task's main metric on held-out rows; null where there is no champion or it cannot be priced. */
export interface Gate {
  readonly metric: MainMetric["name"];
  readonly rows: number;
  readonly challenger: { readonly model: string; readonly value: number };
  readonly champion: { readonly model: string; readonly value: number | null } | null;
  /** The paired comparison, row by row; null where there is nothing to compare with. */
  readonly comparison: GateReport | null;
}

export interface Promotion {
  readonly promoted: boolean;
  /** One plain sentence. */
  readonly reason: string;
  readonly gate: Gate | null;
}

/** Where the champion alias points, and the model there as an opponent: undefined where it cannot price these rows. */
export interface Champion {
  readonly state: AliasState;
  readonly opponent: Opponent | undefined;
}

/** The champion of the moment; undefined where there is none yet. */
export async function findChampion(client: Client, data: PreparedData): Promise<Champion | undefined> {
  const dataset = data.spec.name;
  const state = await client.findAlias(dataset, championAlias);
  if (!state) return undefined;
  const opponent = toOpponent(data, state.model, await client.downloadModel(dataset, state.model));
  return { state, opponent };
}

function openGate(data: PreparedData, { manifest, files }: Bundle, champion: Champion | undefined): Gate {
  const { mainMetric } = taskOf(data.spec);
  const gate = {
    metric: mainMetric.name,
    rows: data.test.rows,
    challenger: { model: manifest.id, value: mainMetric.of(manifest.metrics.heldOut) },
  };
  if (!champion) return { ...gate, champion: null, comparison: null };
  const { state, opponent } = champion;
  const onnx = files.get("model.onnx");
  if (!opponent || !onnx) return { ...gate, champion: { model: state.model, value: null }, comparison: null };
  const comparison = challenge(data, priceTable(data.spec, onnx, data.test), opponent);
  const value = comparedErrors(comparison).champion;
  return { ...gate, champion: { model: state.model, value }, comparison };
}

/** Whether the challenger surely errs less, and the sentence that says so. */
export function judgeGate({ metric, challenger, champion, comparison }: Gate): {
  wins: boolean;
  reason: string;
} {
  // A log loss is a small number: two digits would round the difference away.
  const isAmount = metric === "meanAbsoluteError";
  const money = (value: number) => value.toFixed(isAmount ? 2 : 4);
  const title = isAmount ? "MAE" : "log loss";
  if (champion === null)
    return { wins: true, reason: `no champion yet; ${title} ${money(challenger.value)}` };
  if (champion.value === null || comparison === null) {
    return {
      wins: false,
      reason: `the champion ${champion.model} cannot price these rows, so nothing can be compared; use --promote always with a --reason`,
    };
  }
  const { promote: wins, difference, interval } = comparison;
  const { low, high, confidence } = interval;
  const against =
    `held-out ${title} ${money(challenger.value)} against the champion's ${money(champion.value)}: ` +
    `difference ${money(difference)}, ${Math.round(100 * confidence)} % interval ${money(low)} to ${money(high)}`;
  return { wins, reason: wins ? against : `${against}, not surely better: ${champion.model} stays` };
}

export interface PromotionOptions {
  readonly mode: PromotionMode;
  /** The reason for the ledger, instead of the gate's. */
  readonly note?: string;
  /** Of a training for a job: "<job id>:<lease>". The ledger then names who asked for the job. */
  readonly jobLease?: string;
}

/** Moves the champion alias if the mode and the gate say so; tries once more where someone else moved it meanwhile. */
export async function promote(
  client: Client,
  data: PreparedData,
  best: Bundle,
  { mode, note, jobLease }: PromotionOptions,
): Promise<Promotion> {
  const { id } = best.manifest;
  if (mode === "never") return { promoted: false, reason: "not asked to promote", gate: null };
  for (let attempt = 0; attempt < 2; attempt++) {
    const champion = await findChampion(client, data);
    if (champion?.state.model === id) {
      return { promoted: false, reason: `${id} is the champion already`, gate: null };
    }
    const gate = openGate(data, best, champion);
    const { wins, reason } = judgeGate(gate);
    if (!wins && mode === "auto") return { promoted: false, reason, gate };
    const told = note ?? reason;
    const to = { model: id, reason: told, gate };
    if (await client.moveAlias(data.spec.name, championAlias, champion?.state, to, jobLease)) {
      return { promoted: true, reason: told, gate };
    }
  }
  return { promoted: false, reason: "someone else keeps moving the champion; try again", gate: null };
}
