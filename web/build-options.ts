// What both builds of the pages have in common: the demo, docs and widget in one, the dashboard in another.
import { join } from "node:path";
import type { UserConfig } from "vite";

export const root = import.meta.dirname;

export const common = {
  root,
  // Relative, so that a shop's page loads the chunks from where widget.js came from and not from its own host.
  base: "./",
  experimental: {
    // Pages name their files from the root: the 404 page answers at any depth.
    renderBuiltUrl: (name, { hostType }) => (hostType === "html" ? `/${name}` : { relative: true }),
  },
  resolve: {
    alias: { "#core": join(root, "..", "core") },
    // The build of onnxruntime-web that leaves its WebAssembly in files of its own, with the plain (not jsep) glue.
    conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "production"],
  },
} satisfies UserConfig;

export const commonBuild = {
  outDir: join(root, "..", "dist", "web"),
  target: "es2022",
  modulePreload: false,
  assetsInlineLimit: 0,
  reportCompressedSize: false,
  chunkSizeWarningLimit: 20_000,
} satisfies UserConfig["build"];

export const hashedNames = {
  chunkFileNames: "assets/[name]-[hash].js",
  assetFileNames: "assets/[name]-[hash][extname]",
} as const;
