// One training as a process of its own, so that leases are kept alive while it computes and it can be ended at any moment.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { JobProgress } from "#core/api/jobs.ts";
import type { Server } from "../../sdk/send.ts";
import { type TrainingReply, trainingMark } from "./parent-process.ts";

const launcher = fileURLToPath(new URL("../../bin/appraise.mjs", import.meta.url));

export type TrainingOutcome =
  | { readonly state: "succeeded"; readonly result: object }
  | { readonly state: "failed"; readonly error: string; readonly retry: boolean };

export interface TrainingListener {
  readonly onProgress: (progress: JobProgress) => void;
  readonly onLine: (line: string) => void;
  /** Asked once, before anything is published. */
  readonly mayPublish: () => Promise<boolean>;
}

export interface Training {
  readonly outcome: Promise<TrainingOutcome>;
  /** Ends it at once, threads and all; resolves when it is gone. */
  stop(): Promise<void>;
}

const Message = z.union([z.object({ progress: JobProgress }), z.object({ asks: z.literal("publish") })]);

/** What of the document that train --json prints a job keeps: the manifests hold the rest. */
const Report = z.object({
  data: z.object({ sha256: z.string(), rows: z.int() }),
  models: z.array(z.object({ id: z.string(), family: z.string(), title: z.string() })),
  best: z.string(),
  promotion: z.object({ promoted: z.boolean(), reason: z.string() }).nullable(),
});

const longestDocument = 64 * 1024 * 1024;

/** The exit code of a command whose server failed it (cli/exit-code.ts): another attempt may help. */
const serverFailed = 4;

function readReport(stdout: string): TrainingOutcome {
  try {
    return { state: "succeeded", result: Report.parse(JSON.parse(stdout)) };
  } catch (error) {
    return { state: "failed", error: `the training's report cannot be read: ${error}`, retry: false };
  }
}

/** Starts `appraise train` with these arguments in `folder`. The token travels in the environment, where no list of processes shows it. */
export function startTraining(
  argv: readonly string[],
  folder: string,
  server: Server,
  listener: TrainingListener,
): Training {
  const child = spawn(process.execPath, [launcher, "train", ...argv], {
    cwd: folder,
    env: {
      ...process.env,
      APPRAISE_URL: server.url,
      APPRAISE_TOKEN: server.access.fixed ?? "",
      [trainingMark]: "1",
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let stdout = "";
  let lastLine = "";
  child.stdout?.on("data", (piece: Buffer) => {
    if (stdout.length < longestDocument) stdout += piece;
  });
  if (child.stderr)
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastLine = line;
      listener.onLine(line);
    });
  child.on("message", async (given) => {
    const message = Message.safeParse(given).data;
    if (message && "progress" in message) listener.onProgress(message.progress);
    else if (message) {
      const reply: TrainingReply = { may: await listener.mayPublish() };
      // The training may have been ended while the question was on its way.
      if (child.connected) child.send(reply, () => undefined);
    }
  });
  const outcome = new Promise<TrainingOutcome>((resolve) => {
    child.on("error", (error) => resolve({ state: "failed", error: error.message, retry: true }));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(readReport(stdout));
      else {
        const reason = lastLine.replace(/^appraise: /, "") || `the training ended with ${signal ?? code}`;
        const retry = code === null || code === serverFailed;
        resolve({ state: "failed", error: reason, retry });
      }
    });
  });
  return {
    outcome,
    async stop() {
      child.kill("SIGKILL");
      await outcome;
    },
  };
}
