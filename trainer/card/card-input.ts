// What a model card is made of: plain data, so that it can be drawn wherever a model was trained.

import * as z from "zod";
import type { Manifest, Trial } from "#core/bundle/manifest.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import type { GateReport } from "#core/metrics/gate.ts";
import type { JudgedRows } from "../intervals/judged-rows.ts";

/** How much a feature matters: `gain` as a share of all splits' gain, `meanAbsoluteShap` in margin space. */
export const FeatureImportance = z.object({
  feature: z.string(),
  gain: z.number().optional(),
  meanAbsoluteShap: z.number().optional(),
});
export type FeatureImportance = z.infer<typeof FeatureImportance>;

export interface CardInput {
  readonly spec: DatasetSpec;
  /** Files are left out: the card is one of them. */
  readonly manifest: Omit<Manifest, "files">;
  readonly heldOut: {
    readonly table: Table;
    readonly actual: ArrayLike<number>;
    readonly predicted: ArrayLike<number>;
  };
  /** Rows that calibrated nothing, those as they are first: what intervals are judged on. */
  readonly intervals: readonly JudgedRows[];
  /** Trials of the hyper-parameter search; those of the manifest where they are left out. */
  readonly trials?: readonly Trial[];
  /** Where it is left out, the manifest's report is asked for `importance` and `coefficients`. */
  readonly importance?: readonly FeatureImportance[];
  readonly gate?: GateReport & { readonly champion: { readonly id: string; readonly title?: string } };
}
