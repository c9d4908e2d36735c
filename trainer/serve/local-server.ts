// The Worker on this machine: migrations, then wrangler's workerd, started again when it ends or falls silent.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { InputError } from "#core/api/problem.ts";
import type { Place } from "./place.ts";
import { findInGroup, signalGroup } from "./process-group.ts";
import { Supervisor } from "./supervisor.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

export const originOf = ({ host, port }: Address) => `http://${host}:${port}`;

const wranglerPath = () =>
  join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin", "wrangler.js");

/** wrangler quiet and offline. */
const quiet = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
};

const storageOf = ({ code, state }: Place) => [
  ...["--config", join(code, "wrangler.toml")],
  ...["--persist-to", join(state, "state")],
];

/** Resolves when the port is free. Throws InputError where it is not. */
export function checkPort({ host, port }: Address): Promise<void> {
  return new Promise((free, refuse) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`;
      const other = port === 65_535 ? 8788 : port + 1;
      refuse(
        new InputError(`port ${port} on ${host} ${why}. Choose another: PORT=${other}, or --port ${other}`),
      );
    });
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

function fingerprint(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
    if (name.endsWith(".sql")) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

const markOf = ({ state }: Place) => join(state, "appraise-migrations");

/** Whether there is a database already. */
export const isSetUp = (place: Place): boolean => existsSync(markOf(place));

/** Brings the database up to date; quick where nothing has changed. */
export async function migrate(place: Place, signal: AbortSignal): Promise<void> {
  const mark = markOf(place);
  const wanted = fingerprint(join(place.code, "migrations"));
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  const argv = [wranglerPath(), "d1", "migrations", "apply", "appraise", "--local", ...storageOf(place)];
  const options = { cwd: place.code, env: { ...process.env, ...quiet }, signal, maxBuffer: 64 * 1024 * 1024 };
  await new Promise<void>((done, fail) => {
    execFile(process.execPath, argv, options, (error, stdout, stderr) => {
      if (!error) return done();
      const lines = `${stdout}${stderr}`.trimEnd().split("\n").slice(-10).join(" ");
      fail(new Error(`applying the migrations failed: ${lines}`));
    });
  });
  writeFileSync(mark, wanted);
}

function startServer(
  place: Place,
  { host, port }: Address,
  publicDatasets: string | undefined,
): ChildProcess {
  const options = [
    ...["--ip", host, "--port", String(port), "--env-file", place.secrets],
    // Warnings would tell at every start that cron does not fire by itself locally.
    ...["--log-level", "error", "--show-interactive-dev-session=false"],
    ...(publicDatasets === undefined ? [] : ["--var", `PUBLIC_DATASETS:${publicDatasets}`]),
  ];
  return spawn(process.execPath, [wranglerPath(), "dev", ...options, ...storageOf(place)], {
    cwd: place.code,
    env: { ...process.env, ...quiet },
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
}

/** The server under supervision, listening once `untilHealthy` resolves. A workerd that was killed is noticed within ten seconds. */
export function superviseServer(
  place: Place,
  address: Address,
  publicDatasets: string | undefined,
  tell: (line: string) => void,
): Supervisor<ChildProcess> {
  let healthy:
    | { readonly child: ChildProcess | undefined; readonly workers: Promise<readonly number[]> }
    | undefined;
  const supervisor: Supervisor<ChildProcess> = new Supervisor({
    name: "the server",
    start: () => startServer(place, address, publicDatasets),
    signal: signalGroup,
    tell,
    pauses: { firstMs: 500, longestMs: 30_000, steadyMs: 60_000 },
    stopMs: 5000,
    health: {
      ...{ everyMs: 1000, timeoutMs: 3000, patienceMs: 120_000, startMs: 60_000 },
      async answers() {
        const answer = await fetch(`${originOf(address)}/healthz`, { signal: AbortSignal.timeout(3000) });
        await answer.body?.cancel();
        const { child } = supervisor;
        if (answer.ok && child && healthy?.child !== child)
          healthy = { child, workers: findInGroup(child, "workerd") };
        return answer.ok;
      },
      // wrangler replaces a workerd that was killed by one that never answers. One that is still the same is only busy.
      async isBroken(child) {
        const before = (await healthy?.workers) ?? [];
        const now = await findInGroup(child, "workerd");
        return before.some((pid) => !now.includes(pid));
      },
    },
  });
  return supervisor;
}
