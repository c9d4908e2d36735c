// Runs the command line as a user does: its own process, both streams and the exit code.
import { spawn } from "node:child_process";
import { join } from "node:path";

const launcher = join(import.meta.dirname, "../../../bin/appraise.mjs");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs `appraise` with these arguments; `input` becomes its standard input. */
export function appraise(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { APPRAISE_URL: _url, APPRAISE_TOKEN: _token, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...argv], {
      env: { ...env, ...options.env },
      cwd: options.cwd,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (piece) => {
      stdout += piece;
    });
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}
