// Where sources lie that are no plain path: a file of an installed package, a web address.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { InputError } from "#core/api/problem.ts";

/** How long a web source may take to answer; its body may then stream for as long as it needs. */
const answerTimeoutMs = 30_000;

/** The file that `npm:<package>/<file>` names among the installed packages. */
export function findPackageFile(location: string): string {
  const match = /^npm:((?:@[a-z0-9._-]+\/)?[a-z0-9._-]+)\/(.+)$/i.exec(location);
  if (!match || match[2].split(/[\\/]/).includes("..")) {
    throw new InputError(`${location}: expected npm:<package>/<file>`);
  }
  const [, name, file] = match;
  // Node's own resolution would refuse files that a package's "exports" leave out.
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const path = join(folder, name, file);
    if (existsSync(path)) return path;
  }
  throw new InputError(`${location}: no such file among the installed packages; run npm install`);
}

/** The body of a web address; `source` is what messages call it. Throws InputError. */
export async function openUrl(location: string, source: string): Promise<Readable> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), answerTimeoutMs);
  try {
    const response = await fetch(location, { signal: deadline.signal });
    if (!response.ok || !response.body) throw new InputError(`${source}: answered ${response.status}`);
    return Readable.from(response.body);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    throw new InputError(`${source}: cannot be read: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}
