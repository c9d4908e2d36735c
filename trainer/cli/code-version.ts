// The version of the code that trains: the package's own and a hash of the sources that decide what a model is.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The HTTP API, its client, its workers and the command line may change without any model changing. What is compiled from sources does not count: it is
 * made on first use, so the version would change between the first run and the second.
 */
const decides = /^(core|trainer)\/(?!api\/|cli\/|client\/|publish\/|serve\/|work\/).*\.ts$/;

function sourceFiles(): string[] {
  return ["core", "trainer"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        posix.join(folder, name.replaceAll("\\", "/")),
      ),
    )
    .filter((name) => decides.test(name))
    .sort();
}

/** The version of the sources that the installed package was compiled from. */
const compiledFrom = join(root, "code-version.txt");

/** For example 0.1.0+4f2a9c01d3e5: equal sources give equal versions, on any machine. */
export function findCodeVersion(): string {
  if (existsSync(compiledFrom)) return readFileSync(compiledFrom, "utf8");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const hash = createHash("sha256");
  for (const name of sourceFiles()) {
    hash
      .update(`${name}\n`)
      .update(readFileSync(join(root, name)))
      .update("\n");
  }
  return `${version}+${hash.digest("hex").slice(0, 12)}`;
}
