// Types of the API's answers, inferred from the schemas that the Worker documents. The build removes them.
import type * as aliases from "#core/api/aliases.ts";
import type * as datasets from "#core/api/datasets.ts";
import type * as models from "#core/api/models.ts";
import type * as prices from "#core/api/prices.ts";
import type * as requests from "#core/api/requests.ts";

type Of<T extends { _zod: { output: unknown } }> = T["_zod"]["output"];

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type DatasetSummary = Of<typeof datasets.DatasetSummary>;
export type ModelRecord = Of<typeof models.ModelRecord>;
export type Alias = Of<typeof aliases.Alias>;
export type AliasMove = Of<typeof aliases.AliasMove>;
export type LoggedRequest = Of<typeof requests.LoggedRequest>;
export type OutcomeSummary = Of<typeof requests.OutcomeSummary>;
export type ReplayReport = Of<typeof requests.ReplayReport>;
export type Prediction = Of<typeof prices.Prediction>;

/** The first page of one dataset includes a summary of actual prices. */
export type RequestPage = Page<LoggedRequest> & { readonly outcomes: OutcomeSummary | null };
