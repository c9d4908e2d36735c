// What an isolate remembers is bounded by number and by weight, and models come back the same after they were forgotten.
import { describe, expect, it } from "vitest";
import { limits } from "../../../worker/http/limits.ts";
import { RecentlyUsed } from "../../../worker/serving/recently-used.ts";
import { diamonds, makeBundle, publish, setUp, stone } from "../models/bundles.ts";
import { broken, resetStorage, Service } from "../service.ts";

const memory = (count: number, bytes: number) =>
  new RecentlyUsed<{ name: string; bytes: number }>({ count, bytes }, (one) => one.bytes);
const names = (kept: ReturnType<typeof memory>) => [...kept.values()].map(({ name }) => name).join("");

describe("a bounded memory", () => {
  it("lets go of the least recently used, by number", () => {
    const kept = memory(3, 1000);
    for (const name of "abc") kept.set(name, { name, bytes: 1 });
    kept.get("a");
    kept.set("d", { name: "d", bytes: 1 });
    expect(names(kept)).toBe("cad");
    expect(kept.get("b")).toBeUndefined();
  });

  it("lets go of as many as weigh too much, and never of what just came", () => {
    const kept = memory(10, 100);
    for (const name of "abc") kept.set(name, { name, bytes: 30 });
    kept.set("d", { name: "d", bytes: 60 });
    expect([names(kept), kept.bytes]).toEqual(["cd", 90]);
    kept.set("e", { name: "e", bytes: 500 });
    expect([names(kept), kept.size]).toEqual(["e", 1]);
    kept.set("f", { name: "f", bytes: 10 });
    expect(names(kept)).toBe("f");
  });

  it("replaces under the same name", () => {
    const kept = memory(2, 100);
    kept.set("a", { name: "a", bytes: 90 });
    kept.set("a", { name: "A", bytes: 20 });
    kept.set("b", { name: "b", bytes: 20 });
    expect([names(kept), kept.bytes]).toEqual(["Ab", 40]);
    kept.delete("a");
    expect(names(kept)).toBe("b");
  });
});

describe("models beside the champion", () => {
  it("are kept in bounded number, and an old price can be had again exactly", async () => {
    await resetStorage();
    const service = new Service();
    await setUp(service, diamonds);
    const ids: string[] = [];
    for (let slope = 1; slope <= limits.otherModels + 3; slope++) {
      const bundle = await makeBundle(diamonds, { slope });
      expect((await publish(service, diamonds, bundle)).status).toBe(201);
      ids.push(bundle.manifest.id);
    }
    const priceBy = async (id: string) => {
      const answer = await service.fetch(`/v1/diamonds/predict?model=${id}`, {
        json: { ...stone, carat: 2 },
      });
      return [answer.status, (await answer.json<{ prediction: number }>()).prediction];
    };
    for (const round of [1, 2]) {
      for (const [at, id] of ids.entries())
        expect([round, ...(await priceBy(id))]).toEqual([round, 200, 2 * at + 2]);
      expect(service.isolate.catalogue.modelCount).toBe(limits.otherModels + 1);
    }
    service.env = { ...service.env, DB: broken("no D1"), BUCKET: broken("no R2") };
    expect((await priceBy(ids.at(-1) ?? ""))[0]).toBe(200);
    expect((await priceBy(ids[0]))[0]).toBe(503);
    const champion = await service.fetch("/v1/diamonds/predict", { json: stone });
    expect(champion.status).toBe(200);
  });
});
