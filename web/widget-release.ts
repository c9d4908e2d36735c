// What the build says of the widget: its versioned file with an SRI hash, the always-newest one beside it, and which files load when.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));

type Chunk = { readonly imports: string[]; readonly dynamicImports: string[] };

/** Everything that `names` load sooner or later. */
function reachable(names: readonly string[], bundle: Readonly<Record<string, Chunk | object>>): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    const { imports = [], dynamicImports = [] } = bundle[name] as Partial<Chunk>;
    [...imports, ...dynamicImports].forEach(visit);
  };
  names.forEach(visit);
  return found;
}

/** Writes widget.js, which passes on to the hashed file, and widget.json. The hashed file is the one instance that every chunk imports. */
export function widgetRelease(): Plugin {
  return {
    name: "widget-release",
    // Only what lies on the disk is what is served: plugins may still change a chunk while the bundle is generated.
    writeBundle({ dir }, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const widget = chunks.find((chunk) => chunk.isEntry && chunk.name === "widget");
      if (!dir || !widget) return this.error("the bundle holds no widget");
      const served = readFileSync(join(dir, widget.fileName));
      const initial = ["widget.js", widget.fileName, ...widget.imports];
      const all = reachable([widget.fileName], bundle);
      const release = {
        version,
        path: `/${widget.fileName}`,
        integrity: `sha384-${createHash("sha384").update(served).digest("base64")}`,
        initial,
        lazy: [...all].filter((name) => !initial.includes(name)),
      };
      writeFileSync(join(dir, "widget.js"), `export*from"./${widget.fileName}";\n`);
      writeFileSync(join(dir, "widget.json"), `${JSON.stringify(release, null, 2)}\n`);
    },
  };
}
