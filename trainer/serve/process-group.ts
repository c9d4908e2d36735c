// Child processes with a group of their own: signalled with all that they have started, and looked into.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

interface Leader {
  readonly pid?: number;
}

/** Signals every process of the group that a detached child leads. */
export function signalGroup({ pid }: Leader, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already: that is what was wanted.
  }
}

/** Ids of the processes of this group whose command begins with `command`; empty where `ps` is missing. */
export async function findInGroup({ pid }: Leader, command: string): Promise<number[]> {
  const lines = await promisify(execFile)("ps", ["-A", "-o", "pid=,pgid=,comm="]).then(
    ({ stdout }) => stdout.split("\n"),
    () => [],
  );
  return lines.flatMap((line) => {
    const [, id, group, path] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const isMember = Number(group) === pid && path.replace(/^.*\//, "").startsWith(command);
    return isMember ? [Number(id)] : [];
  });
}
