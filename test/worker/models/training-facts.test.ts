// What a champion was trained on, told with its dataset: forms start from it.
import { beforeEach, describe, expect, it } from "vitest";
import { resetStorage, Service } from "../service.ts";
import { boats, makeBundle, point, publish, register } from "./bundles.ts";

let service: Service;

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const read = async () => (await service.fetch("/v1/boats", { token: "admin" })).json();

const training = {
  typical: { length: 7, hull: "GfK é", age: 3 },
  importance: { length: 0.8, hull: 0.2 },
  quantiles: { length: [1, 2, 5, 7, 9, 20, 90] },
};

describe("a dataset", () => {
  it("tells what its champion was trained on, and starts from that one's typical row", async () => {
    expect(await read()).toMatchObject({ training: null, example: { length: 9, hull: "wood" } });
    const bundle = await makeBundle(boats, { change: (manifest) => ({ ...manifest, training }) });
    await publish(service, boats, bundle);
    await point(service, boats, bundle.manifest.id);
    // The spec's own example stands; what it has none for is the typical row's.
    expect(await read()).toMatchObject({ training, example: { length: 9, hull: "GfK é" } });
  });

  it("says nothing of a champion whose bundle does not tell", async () => {
    const bundle = await makeBundle(boats);
    await publish(service, boats, bundle);
    await point(service, boats, bundle.manifest.id);
    expect(await read()).toMatchObject({ training: null, champion: { id: bundle.manifest.id } });
  });

  it("refuses a bundle whose facts have another shape", async () => {
    const quantiles = { length: [1, 2] };
    const change = (manifest: object) => ({ ...manifest, training: { ...training, quantiles } });
    const answer = await publish(service, boats, await makeBundle(boats, { change }));
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("training");
  });
});
