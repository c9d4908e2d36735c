// appraise train --publish-each --wait-for-server: the first family's models are live before the next is trained, on a server that is still starting.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appraise } from "./command.ts";
import { type PretendApi, startPretendApi } from "./pretend-api.ts";
import { makeSmallDataset, type SmallDataset } from "./small-dataset.ts";

let small: SmallDataset;
let api: PretendApi;

beforeAll(async () => {
  small = makeSmallDataset();
  api = await startPretendApi("houses");
});
afterAll(async () => {
  await api.close();
  rmSync(small.folder, { recursive: true });
});

const families = ["--family", "mean", "--family", "linear", "--models", "1"];
const train = (...argv: string[]) =>
  appraise(["train", "--dataset", small.spec, ...families, ...argv], {
    env: { APPRAISE_URL: api.url, APPRAISE_TOKEN: api.token },
  });
const publishing = () => ["--publish", api.url, "--publish-each", "--wait-for-server", "60s"];

describe("publish each", () => {
  it("waits for the server, then publishes family by family in the order given", async () => {
    let probes = 0;
    api.isUp = () => ++probes > 3;
    const { code, stdout, stderr } = await train(...publishing(), "--json");
    expect(stderr).toContain("is now champion");
    expect(code).toBe(0);
    expect(probes).toBeGreaterThan(3);
    // Nothing but /healthz was asked before it answered.
    const first = api.asked.findIndex(({ path }) => path !== "/healthz");
    expect(api.asked.slice(0, first).length).toBeGreaterThan(3);
    const published = [...api.models.values()].map(({ manifest }) => manifest.family);
    expect(published).toEqual(["mean", "linear"]);
    // Each took the alias on its own merits: the mean first, the line because it is surely better.
    expect(api.moves.map(({ model }) => model.replace(/-.*/, ""))).toEqual(["mean", "linear"]);
    expect([...api.models.values()][1].manifest.parent).toMatch(/^mean-/);
    expect(JSON.parse(stdout)).toMatchObject({ best: api.champion, promotion: { promoted: true } });
  });

  it("trains only the family that the server lacks", async () => {
    const [mean] = [...api.models.keys()].filter((id) => id.startsWith("mean-"));
    api.models.delete(mean);
    const before = api.asked.length;
    expect((await train(...publishing(), "--if-changed")).code).toBe(0);
    const sent = api.asked
      .slice(before)
      .filter(({ method, path }) => method === "POST" && /models$/.test(path));
    expect(sent.length).toBe(1);
    expect([...api.models.keys()]).toContain(mean);
    const { stdout } = await train(...publishing(), "--if-changed");
    expect(stdout).toBe("houses: unchanged, nothing to train\n");
  });

  it.each(["--publish-each", "--wait-for-server=5s"])("%s alone is refused", async (option) => {
    const { code, stderr } = await train(option);
    expect([code, stderr]).toEqual([
      2,
      `appraise: ${option.replace(/=.*/, "")}: expected --publish beside it\n`,
    ]);
  });

  it("a server that never comes up is exit code 4", async () => {
    api.isUp = () => false;
    const { code, stderr } = await train("--publish", api.url, "--wait-for-server", "1s");
    expect(code).toBe(4);
    expect(stderr).toMatch(/\/healthz: .* was not ready within 1 s\n$/);
  });
});
