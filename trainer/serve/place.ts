// Where things lie: the code of this package, and the folder of the user that holds datasets, state and secrets.
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Place {
  /** Sources, pages, migrations and wrangler.toml. */
  readonly code: string;
  /** Holds data/<name>/dataset.json; commands run here. */
  readonly home: string;
  /** Database, objects and queues of the local server, logs and marks. */
  readonly state: string;
  /** The file of secrets, readable by its owner only. */
  readonly secrets: string;
}

/** The package itself, where package.json lies. */
export const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** The present folder as a place. In a clone of the repository the state lies where wrangler puts it, elsewhere in .appraise/. */
export function openPlace(folder: string): Place {
  const [code, home] = [realpathSync(packageFolder), realpathSync(folder)];
  if (code === home) {
    const state = join(home, ".wrangler");
    mkdirSync(state, { recursive: true });
    return { code, home, state, secrets: join(home, ".dev.vars") };
  }
  const state = join(home, ".appraise");
  mkdirSync(state, { recursive: true });
  // State and secrets are nothing to commit.
  if (!existsSync(join(state, ".gitignore"))) writeFileSync(join(state, ".gitignore"), "*\n");
  return { code, home, state, secrets: join(state, "secrets") };
}
