// The shape of a valuation API of homes: its rows, single and in batches, are priced and compared as they are.
import { beforeAll, describe, expect, it } from "vitest";
import { checkSpec, type DatasetSpec } from "#core/dataset/spec.ts";
import valuation from "../../../examples/valuation/dataset.json";
import { importItems, makeBundle, point, publish, register } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

const spec: DatasetSpec = checkSpec(valuation);
const flat = {
  type: "departamento",
  sector: "vitacura",
  net_usable_area: 140,
  net_area: 170,
  n_rooms: 4,
  n_bathroom: 4,
  latitude: -33.40123,
  longitude: -70.58056,
};
const house = { ...flat, type: "casa", net_usable_area: 200, latitude: -33.41 };

let service: Service;

beforeAll(async () => {
  await resetStorage();
  service = new Service();
  await register(service, spec);
  const bundle = await makeBundle(spec, { slope: 70, input: "net_usable_area" });
  await publish(service, spec, bundle);
  await point(service, spec, bundle.manifest.id);
});

const post = (path: string, body: BodyInit, type: string) =>
  service.fetch(`/v1/valuation/${path}`, {
    method: "POST",
    body,
    headers: { "content-type": type },
    token: "admin",
  });

describe("homes by type, sector, areas, rooms, bathrooms and position", () => {
  it("are priced one at a time", async () => {
    const answer = await post("predict", JSON.stringify(flat), "application/json");
    expect(await answer.json()).toMatchObject({ prediction: 9800, unit: "CLF", missing: [] });
  });

  it("are priced in batches of JSON, a bad row failing alone", async () => {
    const rows = [flat, { ...flat, sector: "valparaiso" }, house];
    const answer = await post("predict/batch", JSON.stringify({ rows }), "application/json");
    const { items } = await answer.json<{
      items: { prediction?: number; errors?: { pointer: string }[] }[];
    }>();
    expect(items.map(({ prediction }) => prediction)).toEqual([9800, undefined, 14000]);
    expect(items[1].errors?.map(({ pointer }) => pointer)).toEqual(["/sector"]);
  });

  it("are priced in batches of CSV", async () => {
    const names = Object.keys(flat);
    const csv = [names, Object.values(flat), Object.values(house)].map((cells) => cells.join(",")).join("\n");
    const lines = (await (await post("predict/batch", csv, "text/csv")).text()).trim().split(/\r?\n/);
    const at = lines[0].split(",").indexOf("prediction");
    expect(lines.slice(1).map((line) => Number(line.split(",")[at]))).toEqual([9800, 14000]);
  });

  it("are compared on the ground with homes of their type", async () => {
    await importItems(service, spec, [
      { id: "far", ...flat, latitude: -33.6, price: 9000 },
      { id: "next-door", ...flat, latitude: -33.4013, price: 9500 },
      { id: "house", ...house, price: 14_000 },
    ]);
    const answer = await post("similar?n=5", JSON.stringify(flat), "application/json");
    const { items } = await answer.json<{
      items: { id: string; apart: { by: string; difference: number }[] }[];
    }>();
    expect(items.map(({ id }) => id)).toEqual(["next-door", "far"]);
    expect(items[0].apart[0]).toEqual({ by: "position", difference: expect.closeTo(0.0078, 3), unit: "km" });
  });
});
