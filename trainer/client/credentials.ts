// Where a login is kept between commands: one file of this user, one entry a server, readable by nobody else.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { InputError } from "#core/api/problem.ts";

const Login = z.object({ user: z.string(), refreshToken: z.string() });
export type Login = z.infer<typeof Login>;

const Credentials = z.object({ servers: z.record(z.string(), Login) });

/** XDG_CONFIG_HOME/appraise/credentials.json (XDG Base Directory Specification). */
export function credentialsPath(env: NodeJS.ProcessEnv = process.env): string {
  const configured = env.XDG_CONFIG_HOME;
  // The specification has relative paths ignored.
  const folder = configured?.startsWith("/") ? configured : join(homedir(), ".config");
  return join(folder, "appraise", "credentials.json");
}

function readCredentials(path: string): z.infer<typeof Credentials> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return { servers: {} };
  }
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    throw new InputError(`${path}: holds no logins; remove it and log in again`);
  }
}

/** Replaces the file as a whole, so that no reader ever sees half of it. */
function writeCredentials(path: string, credentials: z.infer<typeof Credentials>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

const lockPatienceMs = 15_000;
const lockPollMs = 50;

/**
 * Does `work` while no other process changes the logins. A refresh token is good for one use, and a second use ends the login:
 * two commands at a time must take turns.
 */
export async function withCredentialsLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  const deadline = Date.now() + lockPatienceMs;
  for (;;) {
    try {
      closeSync(openSync(lock, "wx", 0o600));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const madeAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      // Whoever made it is gone: no renewal takes that long.
      if (Date.now() - madeAt > lockPatienceMs) rmSync(lock, { force: true });
      else if (Date.now() > deadline)
        throw new InputError(`${lock}: another command holds it; remove it if none runs`);
      else await wait(lockPollMs);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

export function findLogin(path: string, url: string): Login | undefined {
  return readCredentials(path).servers[url];
}

/** Keeps a login, or forgets it where there is none. */
export function keepLogin(path: string, url: string, login: Login | undefined): void {
  const { [url]: _, ...others } = readCredentials(path).servers;
  writeCredentials(path, { servers: login ? { ...others, [url]: login } : others });
}
