// appraise.json of the user's folder: what `appraise serve` serves there, and where it listens.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { InputError } from "#core/api/problem.ts";

const Settings = z.strictObject({
  /** Names under data/; the first is priced first. */
  datasets: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a name of lower-case letters, digits and -"))
    .optional(),
  port: z.int().min(1).max(65_535).optional(),
  host: z.string().min(1).max(255).optional(),
});
export type Settings = z.infer<typeof Settings>;

const fileName = "appraise.json";

/** The folder's settings; none where it has no appraise.json. Throws InputError naming the field. */
export function readSettings(folder: string): Settings {
  const path = join(folder, fileName);
  if (!existsSync(path)) return {};
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new InputError(`${fileName}: not JSON: ${(error as Error).message.slice(0, 100)}`);
  }
  const settings = Settings.safeParse(given);
  if (settings.success) return settings.data;
  const faults = settings.error.issues.map(({ path: at, message }) =>
    `/${at.join("/")}: ${message}`.slice(0, 200),
  );
  throw new InputError(`${fileName}: ${faults.join("; ")}`);
}

/** Adds a dataset to what the folder serves, as the first. What else the file says stays. */
export function addDataset(folder: string, name: string): void {
  const settings = readSettings(folder);
  const others = (settings.datasets ?? []).filter((one) => one !== name);
  const path = join(folder, fileName);
  writeFileSync(`${path}.part`, `${JSON.stringify({ ...settings, datasets: [name, ...others] }, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}
