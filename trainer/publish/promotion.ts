// Decides whether the best new model becomes champion: both priced on the same held-out rows, the alias moved by compare and swap.
import { InputError } from "#core/api/problem.ts";
import type { Manifest } from "#core/bundle/manifest.ts";
import { meanAbsoluteError } from "#core/metrics/regression.ts";
import type { Client } from "../client/client.ts";
import { priceTable } from "../evaluation.ts";
import type { PreparedData } from "../prepare.ts";

export const promotionModes = ["auto", "always", "never"] as const;
export type PromotionMode = (typeof promotionModes)[number];

export const championAlias = "champion";

/** What was compared: held-out mean absolute errors in the target's unit; null where there is no champion or it cannot be priced. */
export interface Gate {
  readonly metric: "meanAbsoluteError";
  readonly rows: number;
  readonly challenger: { readonly model: string; readonly value: number };
  readonly champion: { readonly model: string; readonly value: number | null } | null;
}

export interface Promotion {
  readonly promoted: boolean;
  /** One plain sentence. */
  readonly reason: string;
  readonly gate: Gate | null;
}

async function openGate(
  client: Client,
  data: PreparedData,
  best: Manifest,
  champion: string | undefined,
): Promise<Gate> {
  const challenger = { model: best.id, value: best.metrics.heldOut.meanAbsoluteError };
  const gate = { metric: "meanAbsoluteError", rows: data.test.rows, challenger } as const;
  if (champion === undefined) return { ...gate, champion: null };
  const bytes = await client.downloadModel(data.spec.name, champion);
  let value: number | null;
  try {
    value = meanAbsoluteError(data.test.target, priceTable(data.spec, bytes, data.test));
  } catch (error) {
    // Fitted to another version of the spec: it has no error on these rows.
    if (!(error instanceof InputError)) throw error;
    value = null;
  }
  return { ...gate, champion: { model: champion, value } };
}

function judgeGate({ challenger, champion }: Gate): { wins: boolean; reason: string } {
  const money = (value: number) => value.toFixed(2);
  if (champion === null) return { wins: true, reason: `no champion yet; MAE ${money(challenger.value)}` };
  if (champion.value === null) {
    return {
      wins: false,
      reason: `the champion ${champion.model} cannot price these rows, so nothing can be compared; use --promote always`,
    };
  }
  const wins = challenger.value < champion.value;
  const against = `held-out MAE ${money(challenger.value)} against the champion's ${money(champion.value)}`;
  return { wins, reason: wins ? against : `${against}: ${champion.model} stays` };
}

/** Moves the champion alias if the mode and the gate say so; tries once more where someone else moved it meanwhile. */
export async function promote(
  client: Client,
  data: PreparedData,
  best: Manifest,
  mode: PromotionMode,
  note: string | undefined,
): Promise<Promotion> {
  if (mode === "never") return { promoted: false, reason: "not asked to promote", gate: null };
  for (let attempt = 0; attempt < 2; attempt++) {
    const state = await client.findAlias(data.spec.name, championAlias);
    if (state?.model === best.id) {
      return { promoted: false, reason: `${best.id} is the champion already`, gate: null };
    }
    const gate = await openGate(client, data, best, state?.model);
    const { wins, reason } = judgeGate(gate);
    if (!wins && mode === "auto") return { promoted: false, reason, gate };
    const told = note ?? (mode === "always" ? `promoted on request; ${reason}` : reason);
    const moved = await client.moveAlias(data.spec.name, championAlias, state, {
      model: best.id,
      reason: told,
      gate,
    });
    if (moved) return { promoted: true, reason: told, gate };
  }
  return { promoted: false, reason: "someone else keeps moving the champion; try again", gate: null };
}
