// The golden rows over HTTP in workerd: the real model, published as any trainer would, answers the same digits.
import { beforeEach, describe, expect, it } from "vitest";
import golden from "../golden/golden.json";
import { diamonds, point, register } from "./bundles.ts";
import { resetStorage, Service } from "./service.ts";

beforeEach(resetStorage);

type GoldenModel = (typeof golden.models)[number];

function formOf(model: GoldenModel): FormData {
  const onnx = Uint8Array.from(atob(model.onnx), (character) => character.charCodeAt(0));
  const form = new FormData();
  form.append("manifest.json", new Blob([JSON.stringify(model.manifest)]), "manifest.json");
  form.append("model.onnx", new Blob([onnx]), "model.onnx");
  return form;
}

describe.each(golden.models)("golden rows of $id", (model) => {
  it("have the same digits row by row and in a batch", async () => {
    const service = new Service();
    expect((await register(service, diamonds)).status).toBe(201);
    const published = await service.fetch("/v1/diamonds/models", { body: formOf(model), token: "admin" });
    expect(published.status, await published.clone().text()).toBe(201);
    expect((await point(service, diamonds, model.id)).status).toBe(201);

    interface Priced {
      readonly prediction: number;
      readonly interval: { readonly low: number; readonly high: number };
    }
    const bounds = ({ interval }: Priced) => [interval.low, interval.high];
    const single: Priced[] = [];
    for (const row of golden.rows) {
      const answer = await service.fetch("/v1/diamonds/predict", { json: row });
      single.push(await answer.json<Priced>());
    }
    expect(single.map(({ prediction }) => prediction)).toEqual(model.prices);
    expect(single.map(bounds)).toEqual(model.intervals);

    const batch = await service.fetch("/v1/diamonds/predict/batch", { json: { rows: golden.rows } });
    const { items } = await batch.json<{ items: Priced[] }>();
    expect(items.map(({ prediction }) => prediction)).toEqual(model.prices);
    expect(items.map(bounds)).toEqual(model.intervals);
  });
});
