// The real thing for tests: the Worker with its storage in a temporary folder, the data loaded, a model trained and published.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePagesBuilt, root } from "./page-build.ts";

const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;
const wranglerPath = join("node_modules", "wrangler", "bin", "wrangler.js");

const environment = {
  ...process.env,
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
};

export interface TestServer {
  readonly origin: string;
  readonly token: string;
  /** Runs our own command line against this server; resolves with what it printed on stdout. */
  appraise(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resume) => probe.listen(0, "127.0.0.1", resume));
  const address = probe.address();
  await new Promise((resume) => probe.close(resume));
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}

/** Ends the server's whole process group: wrangler alone would leave workerd behind. */
async function stopGroup(child: ChildProcess): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // The group is gone already: that is what was wanted.
    }
  };
  const ended =
    child.exitCode === null
      ? new Promise((resume) => child.once("exit", resume))
      : Promise.resolve(undefined);
  signal("SIGTERM");
  await Promise.race([ended, new Promise((resume) => setTimeout(resume, stopTimeoutMs))]);
  signal("SIGKILL");
}

async function untilHealthy(origin: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const healthy = await fetch(`${origin}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`the Worker does not answer /healthz:\n${output()}`);
}

/** Starts the Worker on a free port with empty storage. Nothing of it outlives stop(). */
export async function startServer(): Promise<TestServer> {
  await ensurePagesBuilt();
  const folder = await mkdtemp(join(tmpdir(), "appraise-server-"));
  const token = randomBytes(24).toString("base64url");
  const secrets = join(folder, "secrets.env");
  // Hundreds of rows are priced as fast as they can be: no visitor is so quick.
  const lines = [
    `ADMIN_TOKEN=${token}`,
    `SIGNING_SECRET=${randomBytes(24).toString("base64url")}`,
    "RATE_LIMITS=off",
  ];
  await writeFile(secrets, `${lines.join("\n")}\n`);
  const storage = ["--persist-to", join(folder, "state")];
  const node = (...args: string[]) =>
    promisify(execFile)(process.execPath, args, { cwd: root, env: environment });
  await node(wranglerPath, "d1", "migrations", "apply", "appraise", "--local", ...storage);

  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const options = ["--ip", "127.0.0.1", "--port", String(port), "--env-file", secrets, "--log-level", "warn"];
  const child = spawn(
    process.execPath,
    [wranglerPath, "dev", ...options, ...storage, "--show-interactive-dev-session=false"],
    { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const stop = async () => {
    await stopGroup(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilHealthy(origin, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    origin,
    token,
    stop,
    async appraise(...args) {
      const env = { ...environment, APPRAISE_URL: origin, APPRAISE_TOKEN: token };
      const script = [join("bin", "appraise.mjs"), ...args];
      const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: root, env });
      return stdout;
    },
  };
}
