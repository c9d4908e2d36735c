// The services that bench:http compares, each started as a process of its own and stopped with all that it started.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { DatasetSpec } from "#core/dataset/spec.ts";

const root = join(import.meta.dirname, "../..");
const patienceMs = 120_000;

export interface Service {
  readonly name: string;
  readonly port: number;
  /** The process that serves, by name, where the one started only starts it. */
  readonly server?: string;
  /** Where a second isolate of the same process waits for its first request. */
  readonly coldPort?: number;
  readonly command: readonly [string, ...string[]];
  readonly env?: Record<string, string>;
}

export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

const secrets = {
  ADMIN_TOKEN: "bench-admin-token-0123456789abcdef",
  SIGNING_SECRET: "bench-signing-secret-0123456789abcdef",
};

/** Whether something takes connections on the port. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Asks the process to end and, once it has, or too much time has gone by, ends what it started. */
function stopGroup(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const endGroup = () => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // Nothing of it is left: that is what was wanted.
      }
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) {
      endGroup();
      return;
    }
    child.once("exit", endGroup);
    child.kill("SIGTERM");
    setTimeout(endGroup, 5000).unref();
  });
}

/** Starts the process without waiting for it to listen. */
export function launch({
  name,
  command: [file, ...args],
  env,
}: Service): Running & { readonly isGone: () => boolean } {
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
    detached: true,
  });
  if (child.pid === undefined) throw new Error(`${name} cannot be started: ${file}`);
  return { pid: child.pid, stop: () => stopGroup(child), isGone: () => child.exitCode !== null };
}

/** Starts a service and waits until it takes connections. */
export async function start(service: Service): Promise<Running> {
  const running = launch(service);
  const deadline = Date.now() + patienceMs;
  while (!(await isListening(service.port))) {
    if (running.isGone() || Date.now() > deadline) {
      await running.stop();
      throw new Error(`${service.name} does not listen on port ${service.port}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return running;
}

export function workerService(folder: string, script: string, port: number): Service {
  const server = join(import.meta.dirname, "worker-server.ts");
  return {
    name: "Worker in workerd",
    port,
    server: "workerd",
    coldPort: port + 1,
    command: [process.execPath, server, script, join(folder, "state"), String(port)],
    env: secrets,
  };
}

/** Trains, publishes to the running Worker, and leaves what the rivals need beside it. */
export function publish(folder: string, spec: DatasetSpec, port: number): string {
  const peers = join(folder, "peers");
  const bundle = join(folder, "bundle");
  mkdirSync(peers);
  const args = ["train", "--dataset", spec.name, "--family", "boosting", "--out", bundle];
  const target = ["--publish", `http://127.0.0.1:${port}`, "--token", secrets.ADMIN_TOKEN];
  execFileSync(process.execPath, [join(root, "bin/appraise.mjs"), ...args, ...target], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  copyFileSync(join(bundle, "model.onnx"), join(peers, "model.onnx"));
  writeFileSync(join(peers, "spec.json"), JSON.stringify(spec));
  copyFileSync(join(root, spec.source.path.replace(/^npm:/, "node_modules/")), join(peers, "rows.csv"));
  return peers;
}

export function peerService(
  python: string,
  way: "arrays" | "dataframe",
  folder: string,
  port: number,
): Service {
  const script = join(root, "bench/peers/fastapi_service.py");
  const names = { arrays: "FastAPI, arrays", dataframe: "FastAPI, DataFrame" };
  return { name: names[way], port, command: [python, script, way, folder, String(port)] };
}
