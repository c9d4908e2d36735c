// The command line against a server: load, train, publish, promote, look, ask; and what it says when refused.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GateReport } from "#core/metrics/gate.ts";
import { sha256Hex } from "../../../trainer/dataset/snapshot.ts";
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

/** Runs with the server and its token in the environment. */
const run = (...argv: string[]) =>
  appraise(argv, { env: { APPRAISE_URL: api.url, APPRAISE_TOKEN: api.token } });
const requests = (method: string, path: RegExp) =>
  api.asked.filter((asked) => asked.method === method && path.test(asked.path)).length;

// In order: each step finds what the one before left on the server.
describe("a dataset's first days", () => {
  it("loads the cleaned rows under their numbers in the source", async () => {
    const { code, stdout } = await run("load", "--dataset", small.spec, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ dataset: "houses", rows: 400, inserted: 400, skipped: false });
    const [line] = small.csv.split("\n").slice(1);
    const [, area, town, age, rent] = /^(\d+),"([^"]+)",(\d*),(\d+)$/.exec(line) ?? [];
    expect(api.items.get("00000001")).toEqual({
      id: "00000001",
      area: +area,
      town,
      ...(age ? { age: +age } : {}),
      rent: +rent,
    });
  });

  it("does not load them twice", async () => {
    const before = requests("POST", /import/);
    const { code, stdout } = await run("load", "--dataset", small.spec);
    expect([code, stdout]).toEqual([0, "houses: 400 rows are there already\n"]);
    expect(requests("POST", /import/)).toBe(before);
  });

  it("publishes, and the best becomes champion", async () => {
    const { code, stdout, stderr } = await run(
      "train",
      "--dataset",
      small.spec,
      "--publish",
      api.url,
      "--json",
    );
    expect(code).toBe(0);
    const { best, models, promotion, data } = JSON.parse(stdout);
    expect(api.champion).toBe(best);
    expect([...api.models.keys()].sort()).toEqual(models.map(({ id }: { id: string }) => id).sort());
    expect(promotion).toMatchObject({ promoted: true, gate: { champion: null } });
    expect(stderr).toContain(`${best} is now champion`);
    const csv = gunzipSync(api.snapshots.get(data.sha256) as Buffer);
    expect(await sha256Hex(csv)).toBe(data.sha256);
  });

  it("has nothing to do where nothing changed", async () => {
    const published = requests("POST", /models/);
    const { code, stdout } = await run(
      "train",
      "--dataset",
      small.spec,
      "--publish",
      api.url,
      "--if-changed",
    );
    expect([code, stdout]).toEqual([0, "houses: unchanged, nothing to train\n"]);
    expect(requests("POST", /models/)).toBe(published);
  });

  it("trains again for another seed, and keeps the champion unless it is beaten on the same rows", async () => {
    const champion = api.champion;
    const { code, stdout } = await run(
      ...["train", "--dataset", small.spec, "--publish", api.url, "--if-changed"],
      ...["--seed", "5", "--family", "mean", "--json"],
    );
    expect(code).toBe(0);
    const { promotion, best } = JSON.parse(stdout);
    expect(promotion).toMatchObject({ promoted: false, gate: { champion: { model: champion } } });
    expect(promotion.gate.champion.value).toBeLessThan(promotion.gate.challenger.value);
    expect(api.champion).toBe(champion);
    expect(api.models.get(best)?.manifest.parent).toBe(champion);
    expect(promotion.gate.comparison).toMatchObject({ promote: false, rows: 100 });
    expect(api.cards.get(best)).toContain("Worse than the champion");
  });

  it("promotes a worse model only for a reason, which the ledger keeps beside the gate's report", async () => {
    const { champion } = api;
    const argv = [
      ...["train", "--dataset", small.spec, "--publish", api.url, "--seed", "5"],
      ...["--family", "mean", "--promote", "always"],
    ];
    const silent = await run(...argv);
    expect([silent.code, silent.stderr]).toEqual([2, expect.stringMatching(/--promote always: .*--reason/)]);
    expect(api.champion).toBe(champion);
    expect((await run(...argv, "--reason", "a drill")).code).toBe(0);
    const { model, reason, gate } = api.moves.at(-1)!;
    expect([model, reason]).toEqual([api.champion, "a drill"]);
    expect(api.champion).toMatch(/^mean-/);
    expect(GateReport.parse(gate.comparison).promote).toBe(false);
    // The same models are there already; the best one is surely better than a mean.
    const [family] = champion?.split("-") ?? [];
    const again = await run("train", "--dataset", small.spec, "--publish", api.url, "--family", family);
    expect(again.stderr).toMatch(/is now champion: held-out MAE .* 95 % interval -/);
    expect(api.champion).toBe(champion);
  });

  it("trains on the server's items as on the file they came from", async () => {
    const { code, stdout } = await run("train", "--dataset", small.spec, "--source", "items", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).best).toBe(api.champion);
  });

  it("lists the history", async () => {
    const { code, stdout } = await run("models", "list", "--dataset", "houses");
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBe(2 + api.models.size);
    const named = lines.filter((line) => line.endsWith("champion")).map((line) => line.split(/ +/));
    expect(named.map(([id, family]) => [id, family])).toEqual([[api.champion, api.champion?.split("-")[0]]]);
  });

  it("shows one model, by id or by alias", async () => {
    const { code, stdout } = await run("models", "show", "champion", "--dataset", "houses");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^model +${api.champion}\\n`));
    expect(stdout).toMatch(new RegExp(`^family +${api.champion?.split("-")[0]}$`, "m"));
    expect(stdout).toMatch(/^parameters +\w+=/m);
    expect(stdout).toMatch(/^town Köln +\d+ /m);
    const asJson = await run("models", "show", `${api.champion}`, "--dataset", "houses", "--json");
    expect(JSON.parse(asJson.stdout)).toEqual(api.models.get(`${api.champion}`)?.manifest);
    const unknown = await run("models", "show", "shadow", "--dataset", "houses");
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining("shadow: expected a model's id"),
    ]);
    const missing = await run("models", "show", "linear-0123456789ab", "--dataset", "houses");
    expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining("404 Not Found")]);
  });

  it("asks for a price", async () => {
    const { code, stdout, stderr } = await run(
      "predict",
      '{"area":9000,"town":"Ulm"}',
      "--dataset",
      "houses",
    );
    expect(code).toBe(0);
    expect(stdout).toBe(`€1,235 (80 %: €1,000 to €1,500) by ${api.champion}\n`);
    expect(stderr).toBe("warning: area: 9000 is beyond\n");
    const asJson = await run("predict", "{}", "--dataset", "houses", "--json");
    expect(JSON.parse(asJson.stdout)).toMatchObject({ prediction: 1234.5, unit: "EUR" });
  });

  it("asks for reasons, as a table", async () => {
    const { code, stdout } = await run("predict", "{}", "--dataset", "houses", "--explain");
    expect(code).toBe(0);
    expect(stdout.split("\n\n").slice(1).join("\n\n")).toBe(
      [
        "step     value       factor   change   price",
        "-------  ---------  -------  -------  ------",
        "average                               €1,000",
        "Area     90 m2      x 1.250    +€250  €1,250",
        "Town     not given  x 0.988  -€15.50  €1,235",
        "",
        "Starts at 1,000 EUR.",
        "",
      ].join("\n"),
    );
    const plain = await run("predict", "{}", "--dataset", "houses", "--json");
    expect(JSON.parse(plain.stdout)).not.toHaveProperty("explanation");
  });

  it("leaves what users changed since, unless forced", async () => {
    api.items.delete("00000002");
    const careful = await run("load", "--dataset", small.spec, "--json");
    expect(JSON.parse(careful.stdout)).toMatchObject({ skipped: true });
    expect(api.items.has("00000002")).toBe(false);
    const forced = await run("load", "--dataset", small.spec, "--force", "--json");
    expect(JSON.parse(forced.stdout)).toMatchObject({ skipped: false, inserted: 1, updated: 399 });
  });

  it("finishes a load that broke off before anything was trained on it", async () => {
    const fresh = join(small.folder, "more.csv");
    writeFileSync(fresh, `${small.csv}77,Ulm,7,777\n`);
    const { stdout } = await run("load", "--dataset", small.spec, "--source", fresh, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ skipped: false, rows: 401, inserted: 1 });
  });
});

describe("a server that refuses", () => {
  it("is exit code 4 and the server's own words in one line", async () => {
    const { code, stdout, stderr } = await appraise(
      ["load", "--dataset", small.spec, "--url", api.url, "--token", "stolen"],
      {},
    );
    expect([code, stdout]).toEqual([4, ""]);
    expect(stderr).toBe("appraise: PUT /v1/datasets/houses: 401 the token is wrong\n");
  });
});
