// Commands of this command line, run as processes of their own beside the server.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { type Place, packageFolder } from "./place.ts";
import { signalGroup } from "./process-group.ts";
import { Supervisor } from "./supervisor.ts";

const launcher = join(packageFolder, "bin", "appraise.mjs");

export interface Session {
  readonly place: Place;
  readonly origin: string;
  readonly token: string;
}

const environmentOf = ({ origin, token }: Session) => ({
  ...process.env,
  APPRAISE_URL: origin,
  APPRAISE_TOKEN: token,
});

export interface OwnCommand {
  readonly child: ChildProcess;
  /** Its exit code; a signal counts as 1. */
  readonly code: Promise<number>;
}

/** Runs a command in the user's folder; its progress is the user's to see. A positive niceness lets others go first. */
export function runOwn(session: Session, argv: readonly string[], niceness = 0): OwnCommand {
  const child = spawn(process.execPath, [launcher, ...argv], {
    cwd: session.place.home,
    env: environmentOf(session),
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
  const code = new Promise<number>((done) => {
    child.on("error", () => done(1));
    child.on("exit", (given) => done(given ?? 1));
  });
  return { child, code };
}

/** A trainer for the jobs of POST /v1/{dataset}/train, started again when it ends. What it says stands in a file; what a job says, in its events. */
export function superviseTrainer(session: Session, tell: (line: string) => void): Supervisor<ChildProcess> {
  return new Supervisor<ChildProcess>({
    name: "the trainer",
    tell,
    signal: signalGroup,
    start() {
      const log = openSync(join(session.place.state, "appraise-work.log"), "a");
      const child = spawn(process.execPath, [launcher, "work", "--poll", "2s"], {
        cwd: session.place.home,
        env: environmentOf(session),
        // The channel closes with this process, however it ends: the trainer then ends too.
        stdio: ["ignore", log, log, "ipc"],
        detached: true,
      });
      child.channel?.unref();
      child.on("error", (error) => tell(`no trainer: ${error.message}`));
      closeSync(log);
      return child;
    },
    pauses: { firstMs: 1000, longestMs: 60_000, steadyMs: 60_000 },
    // The job at hand is another trainer's once its lease has run out.
    stopMs: 500,
  });
}
