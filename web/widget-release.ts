// What the build says of the widget: its versioned file with an SRI hash, the always-newest one beside it, and which files load when.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"));

/** Emits widget.js, which passes on to the hashed file, and widget.json. The hashed file is the one instance that every chunk imports. */
export function widgetRelease(): Plugin {
  return {
    name: "widget-release",
    // After every other plugin, and after minification: the hash is of what is served.
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const widget = chunks.find((chunk) => chunk.isEntry && chunk.name === "widget");
      if (!widget) return this.error("the bundle holds no widget");
      const integrity = `sha384-${createHash("sha384").update(widget.code).digest("base64")}`;
      const newest = `export*from"./${widget.fileName}";\n`;
      const release = {
        version,
        path: `/${widget.fileName}`,
        integrity,
        initial: ["widget.js", widget.fileName, ...widget.imports],
        lazy: widget.dynamicImports,
      };
      this.emitFile({ type: "asset", fileName: "widget.js", source: newest });
      this.emitFile({
        type: "asset",
        fileName: "widget.json",
        source: `${JSON.stringify(release, null, 2)}\n`,
      });
    },
  };
}
