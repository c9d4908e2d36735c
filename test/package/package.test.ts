// The packed product in an empty folder of a user: no clone, only the tarball and the packages it names as its dependencies.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallDataset } from "../trainer/cli/small-dataset.ts";

const root = join(import.meta.dirname, "../..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
let home: string;

/** Links the direct dependencies only: one that the package forgets to name is missing then. */
function linkDependencies(modules: string): void {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(modules, "appraise", "package.json"), "utf8"),
  );
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const from = join(root, "node_modules", name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(realpathSync(from), join(modules, name));
  }
}

const environment = () => {
  const { APPRAISE_URL: _url, APPRAISE_TOKEN: _token, PORT: _port, HOST: _host, ...env } = process.env;
  return env;
};
const launcher = () => join(home, "node_modules", "appraise", "bin", "appraise.mjs");

async function appraise(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { cwd: home, env: environment() };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [launcher(), ...argv], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

beforeAll(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "appraise-package-")));
  const options = { cwd: root, stdio: "pipe" } as const;
  execFileSync(npm, ["pack", "--loglevel=error", "--pack-destination", home], options);
  const [tarball] = readdirSync(home);
  const modules = join(home, "node_modules");
  mkdirSync(modules);
  execFileSync("tar", ["-xzf", join(home, tarball), "-C", modules]);
  execFileSync("mv", [join(modules, "package"), join(modules, "appraise")]);
  linkDependencies(modules);
  const small = makeSmallDataset();
  mkdirSync(join(home, "data"));
  execFileSync("mv", [small.folder, join(home, "data", "houses")]);
}, 180_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("the installed package", () => {
  it("holds neither TypeScript sources, tests nor secrets", () => {
    const names = readdirSync(join(home, "node_modules", "appraise"), { recursive: true, encoding: "utf8" });
    const strange = names.filter((name) => /\.ts$|\.test\.|\.dev\.vars|(^|\/)\.wrangler/.test(name));
    // The kernels' sources name the compiled kernels by their hash.
    expect(strange.filter((name) => !name.includes("kernels/assembly/"))).toEqual([]);
    expect(names.filter((name) => name.endsWith(".wasm") && name.includes("kernels-"))).toHaveLength(1);
  });

  it("knows its commands and its version", async () => {
    const { code, stdout } = await appraise("--help");
    expect(code).toBe(0);
    for (const word of ["up", "serve", "train", "predict", "Exit codes:"]) expect(stdout).toContain(word);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect((await appraise("--version")).stdout).toBe(`${version}\n`);
  });

  it("refuses wrong usage with exit code 2", async () => {
    expect(await appraise("train", "--colour")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/unknown option/),
    });
    const { code, stderr } = await appraise("train", "--dataset", "housse");
    expect(code).toBe(2);
    expect(stderr).toMatch(/housse: no data\/housse\/dataset\.json/);
  });

  it("finds the datasets of the present folder first, and the examples by name", async () => {
    const { stderr } = await appraise("train", "--source", "absent.csv");
    expect(stderr).toMatch(/absent\.csv: no such file/);
    expect((await appraise("train", "--dataset", "diamonds", "--source", "absent.csv")).stderr).toBe(stderr);
  });

  it("trains on compiled kernels, with the code version of the sources", async () => {
    const { code, stderr } = await appraise("train", "--family", "boosting", "--models", "1", "--out", "out");
    expect(stderr).not.toMatch(/kernels|Warning/);
    expect(code).toBe(0);
    const { findCodeVersion } = await import("../../trainer/cli/code-version.ts");
    const manifest = JSON.parse(readFileSync(join(home, "out", "manifest.json"), "utf8"));
    expect(manifest.environment.code).toBe(findCodeVersion());
  }, 120_000);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Processes whose command line or environment has to do with the user's folder. */
const processesOf = (folder: string) =>
  execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(folder));

describe("appraise up", () => {
  it("refuses a table that is none, and writes nothing", async () => {
    const { code, stderr } = await appraise("up", "absent.csv", "--target", "rent");
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
    expect(stderr).toMatch(/absent\.csv/);
    expect(readdirSync(home)).not.toContain("appraise.json");
  });

  it("makes a spec of a table, serves it with a price, keeps its state in the folder, and leaves no process", async () => {
    renameSync(join(home, "data", "houses", "houses.csv"), join(home, "rents.csv"));
    const port = await freePort();
    const child: ChildProcess = spawn(
      process.execPath,
      [launcher(), "up", "rents.csv", "--target", "rent", "--port", String(port)],
      {
        cwd: home,
        env: environment(),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (piece) => {
        output += piece;
      });
    const ended = new Promise<number | null>((done) => child.once("exit", done));
    try {
      await expect.poll(() => output, { timeout: 120_000, interval: 200 }).toMatch(/ready in/);
      expect(output).toMatch(/"prediction":\d+/);
      const page = await fetch(`http://127.0.0.1:${port}/`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(/appraise-widget/)]);
      const priced = await fetch(`http://127.0.0.1:${port}/v1/rents/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ area: 80, town: "Ulm" }),
      });
      expect(priced.status).toBe(200);
      expect(readdirSync(join(home, ".appraise"))).toContain("secrets");
      const settings = JSON.parse(readFileSync(join(home, "appraise.json"), "utf8"));
      expect(settings).toEqual({ datasets: ["rents"] });
    } finally {
      child.kill("SIGTERM");
      await ended;
    }
    expect(await ended).toBe(143);
    await expect.poll(() => processesOf(home), { timeout: 5000 }).toEqual([]);
  }, 180_000);
});
