// What a service costs, from Linux's /proc: CPU seconds and memory over a process and all that it started.
import { readdirSync, readFileSync } from "node:fs";

/** Kernel ticks a second in /proc: fixed for user space (sysconf(_SC_CLK_TCK)) on every Linux that Node runs on. */
const ticksPerSecond = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuSeconds: number;
  readonly startedAt: number;
}

/** The process `pid`; undefined once it has ended. `startedAt` is in seconds since boot. */
function findProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold spaces: fields are counted after it.
    const close = stat.lastIndexOf(")");
    const fields = stat.slice(close + 2).split(" ");
    const [utime, stime, startTime] = [11, 12, 19].map((at) => Number(fields[at]) / ticksPerSecond);
    const name = stat.slice(stat.indexOf("(") + 1, close);
    return { pid, parent: Number(fields[1]), name, cpuSeconds: utime + stime, startedAt: startTime };
  } catch {
    return undefined;
  }
}

function processTree(root: number): Process[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => findProcess(Number(name)))
    .filter((process) => process !== undefined);
  const tree = all.filter(({ pid }) => pid === root);
  for (const found of tree) tree.push(...all.filter(({ parent }) => parent === found.pid));
  return tree;
}

/** CPU seconds, user and system, that the tree under `root` has used. */
export function cpuSecondsOf(root: number): number {
  return processTree(root).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Megabytes that the processes called `name` (or all) of the tree hold: now, and the most they ever held. */
export function memoryOf(root: number, name?: string): { readonly now: number; readonly peak: number } {
  const sum = { now: 0, peak: 0 };
  for (const process of processTree(root)) {
    if (name !== undefined && process.name !== name) continue;
    const status = readFileSync(`/proc/${process.pid}/status`, "utf8");
    const kilobytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    sum.now += kilobytes("VmRSS") / 1024;
    sum.peak += kilobytes("VmHWM") / 1024;
  }
  return sum;
}

/** Seconds since the first process called `name` of the tree (or its root) was started. */
export function ageOf(root: number, name?: string): number {
  const found = processTree(root).find((process) => name === undefined || process.name === name);
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return found ? uptime - found.startedAt : Number.NaN;
}
