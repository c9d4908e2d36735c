// Types of the API's answers, inferred from the schemas that the Worker documents. The build removes them.
import type * as answers from "#core/api/answers.ts";

type Of<T extends { _zod: { output: unknown } }> = T["_zod"]["output"];

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type DatasetSummary = Of<typeof answers.DatasetSummary>;
export type ModelRecord = Of<typeof answers.ModelRecord>;
export type Alias = Of<typeof answers.Alias>;
export type AliasMove = Of<typeof answers.AliasMove>;
export type LoggedRequest = Of<typeof answers.LoggedRequest>;
export type OutcomeSummary = Of<typeof answers.OutcomeSummary>;
export type ReplayReport = Of<typeof answers.ReplayReport>;
export type Prediction = Of<typeof answers.Prediction>;

/** The first page of one dataset includes a summary of actual prices. */
export type RequestPage = Page<LoggedRequest> & { readonly outcomes: OutcomeSummary | null };
