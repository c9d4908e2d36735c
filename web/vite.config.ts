// Builds the pages, the widget and what it loads on demand into dist/web, which the Worker serves as it lies there.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { common, commonBuild, hashedNames, root } from "./build-options.ts";
import { dashboardPage } from "./dashboard-build.ts";
import { widgetRelease } from "./widget-release.ts";

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
  ...common,
  publicDir: join(root, "public"),
  plugins: [swaggerUi(), widgetRelease(), dashboardPage()],
  build: {
    ...commonBuild,
    emptyOutDir: true,
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
        ...hashedNames,
      },
    },
  },
});
