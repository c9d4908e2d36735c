// What the widget must know of a dataset before it can show a form: its spec, and which model prices it.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../engines/client.ts";
import { Failure } from "../engines/failure.ts";

export interface Catalogue {
  readonly spec: DatasetSpec;
  readonly modelId: string | undefined;
}

interface DatasetAnswer {
  readonly spec?: DatasetSpec;
  readonly champion?: { readonly id: string } | null;
}

export async function fetchCatalogue(
  client: Client,
  dataset: string,
  signal: AbortSignal,
): Promise<Catalogue> {
  const { spec, champion } = await client.json<DatasetAnswer>(`/v1/${encodeURIComponent(dataset)}`, {
    signal,
    keep: "as a spare",
  });
  if (!spec?.features) throw new Failure("service", "the answer holds no spec");
  return { spec, modelId: champion?.id };
}
