// What the widget must know of a dataset before it can show a form: its spec, which model prices it, and what that was trained on.
import type { TrainingFacts } from "#core/bundle/training-facts.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Client } from "../engines/client.ts";
import { Failure } from "../engines/failure.ts";

export interface Catalogue {
  readonly spec: DatasetSpec;
  readonly modelId: string | undefined;
  /** Undefined where the model does not say. */
  readonly training: TrainingFacts | undefined;
}

interface DatasetAnswer {
  readonly spec?: DatasetSpec;
  readonly champion?: { readonly id: string } | null;
  readonly training?: TrainingFacts | null;
}

export async function fetchCatalogue(
  client: Client,
  dataset: string,
  signal: AbortSignal,
): Promise<Catalogue> {
  const { spec, champion, training } = await client.json<DatasetAnswer>(
    `/v1/${encodeURIComponent(dataset)}`,
    {
      signal,
      keep: "as a spare",
    },
  );
  if (!spec?.features) throw new Failure("service", "the answer holds no spec");
  return { spec, modelId: champion?.id, training: training ?? undefined };
}
