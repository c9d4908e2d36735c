// Progress on standard error: a bar with rate and time left on a terminal, a plain line now and then elsewhere.
/// <reference path="./cli-progress.d.ts" />
import cliProgress from "cli-progress";
import type { Progress, Task } from "../progress.ts";

/** How often a log file hears of a long task. */
const plainEveryMs = 10_000;

function rateOf(done: number, startedMs: number): string {
  const rate = done / Math.max((Date.now() - startedMs) / 1000, 1e-3);
  return rate >= 100 ? rate.toFixed(0) : rate.toPrecision(2);
}

function drawBar(label: string, total: number): Task {
  const started = Date.now();
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage}% | {rate}/s | {eta}s left {note}`,
    stream: process.stderr,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    etaBuffer: 50,
    clearOnComplete: true,
    // An interrupted command must end at once and leave the terminal as it was.
    gracefulExit: false,
    hideCursor: false,
    linewrap: true,
  });
  bar.start(total, 0, { rate: "0", note: "" });
  return {
    update(done, note = "") {
      bar.update(done, { rate: rateOf(done, started), note: note && `| ${note}` });
    },
    end: () => bar.stop(),
  };
}

function printLines(label: string, total: number): Task {
  const started = Date.now();
  let told = started;
  return {
    update(done, note = "") {
      const now = Date.now();
      if (now - told < plainEveryMs) return;
      told = now;
      const left = Math.round(((total - done) * (now - started)) / Math.max(done, 1e-9) / 1000);
      const share = Math.floor((100 * done) / total);
      const line = `${label}: ${share} %, ${rateOf(done, started)}/s, ${left} s left ${note}`;
      process.stderr.write(`${line.trimEnd()}\n`);
    },
    end() {},
  };
}

export const terminalProgress: Progress = {
  task: (label, total) => (process.stderr.isTTY ? drawBar(label, total) : printLines(label, total)),
};
