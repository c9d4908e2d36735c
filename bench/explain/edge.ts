// The Worker that bench/explain times: keeps one ensemble, and explains a row as often as it is told. Its clock stands still, so it is timed from outside.
import { compileTreeExplainer, type TreeExplainer } from "#core/explain/tree-shap.ts";
import { ensembleFromJson } from "#core/trees/serialise.ts";

let explainer: TreeExplainer | undefined;

export default {
  /** PUT an ensemble; POST {row, calls} answers the contributions of the row, computed `calls` times. */
  async fetch(request: Request): Promise<Response> {
    if (request.method === "PUT") {
      explainer = compileTreeExplainer(ensembleFromJson(await request.json()));
      return new Response("kept");
    }
    const { row, calls } = (await request.json()) as { row: (number | null)[]; calls: number };
    const encoded = Float32Array.from(row, (value) => value ?? Number.NaN);
    let contributions: number[] = [];
    for (let call = 0; call < calls; call++) {
      encoded[0] = Math.fround((encoded[0] + 0.37) % 1);
      contributions = [...(explainer?.explain(encoded)[0].contributions ?? [])];
    }
    return Response.json(contributions);
  },
};
