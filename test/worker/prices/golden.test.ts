// The golden rows over HTTP in workerd: the real model, published as any trainer would, answers the same digits.

import { beforeEach, describe, expect, it } from "vitest";
import type { PriceExplanation } from "#core/api/explanation.ts";
import { sha256 } from "../../../worker/storage/content.ts";
import { contributionsIn } from "../../golden/explain.ts";
import explanations from "../../golden/explanations.json";
import golden from "../../golden/golden.json";
import { diamonds, point, register } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

beforeEach(resetStorage);

const explanationsOf = (model: { id: string }) => explanations.find(({ id }) => id === model.id)!;

type GoldenModel = (typeof golden.models)[number];

async function formOf(model: GoldenModel): Promise<FormData> {
  const onnx = Uint8Array.from(atob(model.onnx), (character) => character.charCodeAt(0));
  const form = new FormData();
  const explain = new TextEncoder().encode(explanationsOf(model).file);
  const listed = { name: "explain.json", sha256: await sha256(explain), bytes: explain.length };
  const manifest = { ...model.manifest, files: [...model.manifest.files, listed] };
  form.append("manifest.json", new Blob([JSON.stringify(manifest)]), "manifest.json");
  form.append("explain.json", new Blob([explain]), "explain.json");
  form.append("model.onnx", new Blob([onnx]), "model.onnx");
  return form;
}

describe.each(golden.models)("golden rows of $id", (model) => {
  it("have the same digits row by row and in a batch, and the same reasons", async () => {
    const service = new Service();
    expect((await register(service, diamonds)).status).toBe(201);
    const published = await service.fetch("/v1/diamonds/models", {
      body: await formOf(model),
      token: "admin",
    });
    expect(published.status, await published.clone().text()).toBe(201);
    expect((await point(service, diamonds, model.id)).status).toBe(201);

    const names = diamonds.features.map(({ name }) => name);
    interface Priced {
      readonly prediction: number;
      readonly interval: { readonly low: number; readonly high: number };
    }
    const bounds = ({ interval }: Priced) => [interval.low, interval.high];
    const single: (Priced & { readonly explanation: PriceExplanation })[] = [];
    for (const row of golden.rows) {
      const answer = await service.fetch("/v1/diamonds/predict?explain=true", { json: row });
      single.push(await answer.json<Priced & { readonly explanation: PriceExplanation }>());
    }
    expect(single.map(({ prediction }) => prediction)).toEqual(model.prices);
    expect(single.map(bounds)).toEqual(model.intervals);
    const { contributions, demo } = explanationsOf(model);
    expect(single.map(({ explanation }) => contributionsIn(names, explanation))).toEqual(contributions);
    expect(single[0].explanation).toEqual(demo);

    const batch = await service.fetch("/v1/diamonds/predict/batch", { json: { rows: golden.rows } });
    const { items } = await batch.json<{ items: Priced[] }>();
    expect(items.map(({ prediction }) => prediction)).toEqual(model.prices);
    expect(items.map(bounds)).toEqual(model.intervals);
  });
});
