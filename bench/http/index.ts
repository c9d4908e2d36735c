// bench:http: the price of one diamond over HTTP, every request logged, by the Worker in workerd and by FastAPI on uvicorn.
//
//   npm run bench:http [-- --seconds 4 --rounds 3 --colds 5 --rows 500 --python bench/peers/.venv/bin/python --without dataframe]
//
// Each service is one process that serves on one thread; they take turns on the machine, and the median of the rounds counts. CPU is that
// of all processes of a service, user and system, the writing of the log included. The client is the same for all and runs beside them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDataset } from "../../trainer/dataset/find-dataset.ts";
import { openSource, readRows } from "../../trainer/dataset/source.ts";
import { prepareData } from "../../trainer/prepare.ts";
import { printTable } from "../train/table.ts";
import { buildScript } from "./build-script.ts";
import { type Cold, measureCold } from "./cold-start.ts";
import { quantile, requestBytes, runLoad } from "./load.ts";
import { cpuSecondsOf, memoryOf } from "./process-tree.ts";
import { peerService, publish, type Running, type Service, start, workerService } from "./services.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    colds: { type: "string", default: "5" },
    rows: { type: "string", default: "500" },
    python: { type: "string", default: join(root, "bench/peers/.venv/bin/python") },
    without: { type: "string", default: "" },
  },
});

function positive(name: "seconds" | "rounds" | "colds" | "rows"): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1) return number;
  console.error(`--${name}: expected an integer of at least 1; got ${values[name]}`);
  process.exit(2);
}

const [seconds, rounds, colds, rowCount] = (["seconds", "rounds", "colds", "rows"] as const).map(positive);
const { spec, directory } = loadDataset(join(root, "data/diamonds"));
const path = `/v1/${spec.name}/predict`;
const connectionCounts = [16, 1] as const;

/** Held-out rows, whole. */
async function makeBodies(): Promise<string[]> {
  const { format, path: source } = spec.source;
  const rows = readRows(spec, format as "csv", await openSource(source, directory), source);
  const { test } = await prepareData(spec, rows, spec.split.seed);
  return Array.from({ length: rowCount }, (_, row) => {
    const value = (feature: (typeof spec.features)[number]) => {
      const given = test.columns[feature.name][row];
      // As a person would write it: float32 means seven digits.
      return feature.type === "category" ? feature.levels[given] : Number(given.toPrecision(7));
    };
    return JSON.stringify(Object.fromEntries(spec.features.map((feature) => [feature.name, value(feature)])));
  });
}

interface Sample {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

async function sample(
  service: Service,
  { pid }: Running,
  bodies: readonly string[],
  connections: number,
): Promise<Sample> {
  const requests = bodies.map((body, at) => requestBytes(path, service.port, body, at));
  const before = cpuSecondsOf(pid);
  const result = await runLoad({ port: service.port, connections, seconds, requests });
  // The log is written behind the answers: its cost belongs to them.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  if (result.refused > 0) throw new Error(`${service.name}: ${result.refused} answers were not 200`);
  return {
    rate: result.answers / result.seconds,
    p50: quantile(result, 0.5),
    p99: quantile(result, 0.99),
    cpuMicros: ((cpuSecondsOf(pid) - before) / result.answers) * 1e6,
  };
}

async function priceOf(port: number, body: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { prediction: number }).prediction;
}

function findPeers(folder: string): Service[] {
  const ways = (["arrays", "dataframe"] as const).filter((way) => !values.without.split(",").includes(way));
  try {
    execFileSync(values.python, ["-c", "import fastapi, uvicorn, pandas, onnxruntime, xgboost"], {
      stdio: "ignore",
    });
  } catch {
    console.log(`FastAPI is not installed for ${values.python}: left out (npm run bench:peers installs it)`);
    return [];
  }
  return ways.map((way, at) => peerService(values.python, way, folder, 8940 + at));
}

function report(
  services: readonly Service[],
  samples: ReadonlyMap<string, Sample[]>,
  memory: readonly number[],
  cold: readonly Cold[],
): void {
  const figure = (service: Service, connections: number, pick: (sample: Sample) => number) =>
    median((samples.get(`${service.name} ${connections}`) ?? []).map(pick));
  for (const connections of connectionCounts) {
    const own = figure(services[0], connections, ({ cpuMicros }) => cpuMicros);
    const lines = services.map((service) => {
      const cpu = figure(service, connections, ({ cpuMicros }) => cpuMicros);
      const [rate, p50, p99] = (["rate", "p50", "p99"] as const).map((name) =>
        figure(service, connections, (one) => one[name]),
      );
      return [
        service.name,
        rate.toFixed(0),
        p50.toFixed(2),
        p99.toFixed(2),
        cpu.toFixed(0),
        `${(cpu / own).toFixed(1)}x`,
      ];
    });
    console.log(`\n${connections} connection${connections === 1 ? "" : "s"}`);
    printTable(["", "requests/s", "p50 ms", "p99 ms", "CPU us a request", "against the Worker"], lines);
  }
  console.log("");
  const lines = services.map(({ name }, at) => [
    name,
    memory[at].toFixed(0),
    cold[at].startMs.toFixed(0),
    cold[at].firstMs.toFixed(1),
    cold[at].secondMs.toFixed(1),
    Number.isNaN(cold[at].isolateMs) ? "" : cold[at].isolateMs.toFixed(1),
  ]);
  const head = ["", "peak MB", "process to first price, ms", "first price, ms", "second, ms"];
  printTable([...head, "first of a cold isolate, storage warm, ms"], lines);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-http-"));
  const running: Running[] = [];
  try {
    const worker = workerService(folder, buildScript(folder, "worker/index.ts"), 8930);
    running.push(await start(worker));
    const peers = publish(folder, spec, worker.port);
    const services = [worker, ...findPeers(peers)];
    for (const service of services.slice(1)) running.push(await start(service));
    const bodies = await makeBodies();
    for (const { name, port } of services)
      console.log(`${name}: ${await priceOf(port, bodies[0])} ${spec.target.unit}`);
    const samples = new Map<string, Sample[]>();
    // One round more than counts, to warm up.
    for (let round = 0; round <= rounds; round++) {
      for (const [at, service] of services.entries()) {
        for (const connections of connectionCounts) {
          const key = `${service.name} ${connections}`;
          const taken = await sample(service, running[at], bodies, connections);
          if (round > 0) samples.set(key, [...(samples.get(key) ?? []), taken]);
        }
      }
    }
    const memory = services.map(({ server }, at) => memoryOf(running[at].pid, server).peak);
    for (const one of running.splice(0)) await one.stop();
    const cold: Cold[] = [];
    for (const service of services)
      cold.push(await measureCold(service, requestBytes(path, service.port, bodies[0], 0), colds));
    report(services, samples, memory, cold);
  } finally {
    for (const one of running) await one.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
