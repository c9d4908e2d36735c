// Builds the pages, the widget and what it loads on demand into dist/web, which the Worker serves as it lies there.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { widgetRelease } from "./widget-release.ts";

const root = import.meta.dirname;
const require = createRequire(import.meta.url);

/** The docs' viewer as its authors built it; re-bundling 1.7 MB would gain nothing. Its maps stay out, and so does their mention. */
function swaggerUi(): Plugin {
  const files = ["swagger-ui.css", "swagger-ui-bundle.js"];
  return {
    name: "swagger-ui",
    generateBundle() {
      for (const name of files) {
        const text = readFileSync(require.resolve(`swagger-ui-dist/${name}`), "utf8");
        this.emitFile({
          type: "asset",
          fileName: `docs/${name}`,
          source: text.replace(/\/[*/]# sourceMappingURL=.*$/m, ""),
        });
      }
    },
  };
}

export default defineConfig({
  root,
  // Relative, so that a shop's page loads the chunks from where widget.js came from and not from its own host.
  base: "./",
  experimental: {
    // Pages name their files from the root: the 404 page answers at any depth.
    renderBuiltUrl: (name, { hostType }) => (hostType === "html" ? `/${name}` : { relative: true }),
  },
  publicDir: join(root, "public"),
  plugins: [swaggerUi(), widgetRelease()],
  resolve: {
    alias: { "#core": join(root, "..", "core") },
    // The build of onnxruntime-web that leaves its WebAssembly in files of its own, with the plain (not jsep) glue.
    conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"],
  },
  build: {
    outDir: join(root, "..", "dist", "web"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 20_000,
    rolldownOptions: {
      // The widget's file is imported by pages, not only by chunks: its exports keep their names.
      preserveEntrySignatures: "allow-extension",
      input: {
        index: join(root, "index.html"),
        docs: join(root, "docs", "index.html"),
        404: join(root, "404.html"),
        widget: join(root, "widget", "define.ts"),
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === "widget" ? "widget-[hash].js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
