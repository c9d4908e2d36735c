// `npm start`: from a fresh clone to a price. Sets up what is missing, serves, loads, trains, publishes, and says where everything is.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  ensureBuilt,
  ensureInstalled,
  environment,
  fail,
  nodePath,
  root,
  step,
  unlessFresh,
} from "./setup.mjs";

const usage = `usage: npm start            (PORT=8787, HOST=127.0.0.1)

Installs what is missing, applies the migrations, serves the API, pages and docs, loads data/diamonds,
trains and publishes unless nothing changed, prints the addresses, and keeps a trainer running for jobs. Ctrl-C stops everything.
State lives in .wrangler/ and the admin token in .dev.vars; remove both to begin again.`;

if (process.argv.includes("--help")) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const host = process.env.HOST || "127.0.0.1";
const port = Number(process.env.PORT || 8787);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  fail(`PORT: expected a whole number from 1 to 65535; got "${process.env.PORT}"`, 2);
}
const origin = `http://${host}:${port}`;

/** Resolves when nothing listens on the port; ends the process with one line otherwise. */
function checkPort() {
  return new Promise((free) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`;
      fail(
        `port ${port} on ${host} ${why}. Choose another: PORT=${port === 65535 ? 8788 : port + 1} npm start`,
      );
    });
    probe.listen(port, host, () => probe.close(() => free()));
  });
}

/** Makes .dev.vars on the first start, and adds secrets that it lacks; returns the admin token. */
function ensureSecrets() {
  const path = join(root, ".dev.vars");
  const present = existsSync(path) ? readFileSync(path, "utf8") : "# Made by `npm start`; never commit.";
  const lacking = ["ADMIN_TOKEN", "SIGNING_SECRET", "BOOTSTRAP_SECRET"].filter(
    (name) => !new RegExp(`^${name}=`, "m").test(present),
  );
  const added = lacking.map((name) => `${name}=${randomBytes(32).toString("base64url")}`);
  const text = [present.trimEnd(), ...added, ""].join("\n");
  if (lacking.length > 0) writeFileSync(path, text, { mode: 0o600 });
  const token = /^ADMIN_TOKEN=["']?([^"'\r\n]+)/m.exec(text)?.[1];
  return token ?? fail(".dev.vars holds an empty ADMIN_TOKEN; remove the line to have it made again");
}

let server;
let trainer;
let stopping = false;

/** Signals the server's whole process group: wrangler alone would leave workerd behind. */
function stop(code) {
  if (stopping) return;
  stopping = true;
  stopTrainer();
  if (!server || server.exitCode !== null) process.exit(code);
  const signalGroup = (signal) => {
    try {
      process.kill(-server.pid, signal);
    } catch {
      // The group is gone already: that is what was wanted.
    }
  };
  server.once("exit", () => {
    signalGroup("SIGKILL");
    process.exit(code);
  });
  signalGroup("SIGTERM");
  setTimeout(() => {
    signalGroup("SIGKILL");
    process.exit(code);
  }, 5000);
}

/** Ends the trainer and what it has started. The job at hand is another trainer's once its lease has run out. */
function stopTrainer() {
  if (!trainer || trainer.exitCode !== null) return;
  try {
    process.kill(-trainer.pid, "SIGKILL");
  } catch {
    // It is gone already: that is what was wanted.
  }
}

/** Starts a trainer for the jobs of POST /v1/{dataset}/train. What it says stands in a file; what a job says, in its events. */
function startTrainer(token) {
  const log = openSync(join(root, ".wrangler", "appraise-work.log"), "w");
  trainer = spawn(nodePath(), [join("bin", "appraise.mjs"), "work", "--poll", "2s"], {
    cwd: root,
    env: { ...environment(), APPRAISE_URL: origin, APPRAISE_TOKEN: token },
    // The channel closes with this process, however it ends: the trainer then ends too.
    stdio: ["ignore", log, log, "ipc"],
    detached: true,
  });
  trainer.channel?.unref();
  trainer.on("error", (error) => process.stderr.write(`appraise: no trainer: ${error.message}\n`));
  trainer.on("exit", (code) => {
    if (!stopping)
      process.stderr.write(`appraise: the trainer ended (exit ${code}); jobs wait for another\n`);
  });
}

function serve() {
  const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
  const options = [
    "--ip",
    host,
    "--port",
    String(port),
    // Warnings would tell at every start that cron does not fire by itself locally.
    "--log-level",
    "error",
    "--show-interactive-dev-session=false",
  ];
  server = spawn(nodePath(), [wrangler, "dev", ...options], {
    cwd: root,
    env: environment(),
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  server.on("exit", (code) => {
    if (!stopping) fail(`the server ended (exit ${code})`);
  });
}

async function untilHealthy() {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const healthy = await fetch(`${origin}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  process.stderr.write("appraise: the server did not answer /healthz within 60 s\n");
  stop(1);
}

/** Runs one of our own commands against the server; its progress is the user's to see. */
function appraise(args, token) {
  return new Promise((done) => {
    const env = { ...environment(), APPRAISE_URL: origin, APPRAISE_TOKEN: token };
    const child = spawn(nodePath(), [join("bin", "appraise.mjs"), ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("exit", (code) => {
      if (code !== 0 && !stopping) {
        process.stderr.write(`appraise: "appraise ${args.join(" ")}" failed (exit ${code})\n`);
        stop(1);
        return;
      }
      done();
    });
  });
}

/** The row of the printed curl: every example value of the spec's required features. */
async function exampleRow() {
  const { spec } = await (await fetch(`${origin}/v1/diamonds`)).json();
  const shown = spec.features.filter((feature) => feature.required && feature.example !== undefined);
  return JSON.stringify(Object.fromEntries(shown.map((feature) => [feature.name, feature.example])));
}

async function announce(token) {
  const row = await exampleRow();
  const path = "/v1/diamonds/predict";
  const answer = await fetch(`${origin}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: row,
  });
  const widget = await (await fetch(`${origin}/widget.json`)).json();
  process.stdout.write(`
  demo page      ${origin}/
  dashboard      ${origin}/dashboard/
  API docs       ${origin}/docs/
  OpenAPI 3.1    ${origin}/openapi.json
  admin token    ${token}   (in .dev.vars)
  log in (once)  APPRAISE_BOOTSTRAP_SECRET=$(sed -n 's/^BOOTSTRAP_SECRET=//p' .dev.vars) npx appraise login --bootstrap --user <you> --url ${origin}

  <script type="module" src="${origin}${widget.path}" integrity="${widget.integrity}"></script>
  <appraise-widget dataset="diamonds"></appraise-widget>

  curl -s ${origin}${path} -H 'content-type: application/json' -d '${row}'
  ${JSON.stringify(await answer.json())}

  Ctrl-C stops everything.
`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => stop(signal === "SIGINT" ? 130 : 143));

// npm ends on SIGTERM without telling its script, which would serve on unseen: being orphaned is the signal then.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) stop(143);
  }, 500).unref();
}

const start = Date.now();
await checkPort();
await ensureInstalled();
const token = ensureSecrets();
await ensureBuilt();
await unlessFresh(".wrangler/appraise-migrations", ["migrations"], () =>
  step("Applying migrations", nodePath(), [
    join("node_modules", "wrangler", "bin", "wrangler.js"),
    "d1",
    "migrations",
    "apply",
    "appraise",
    "--local",
  ]),
);
serve();
await untilHealthy();
await appraise(["load", "--dataset", "diamonds"], token);
await appraise(["train", "--dataset", "diamonds", "--publish", origin, "--if-changed"], token);
await announce(token);
startTrainer(token);
process.stderr.write(`  ready in ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
