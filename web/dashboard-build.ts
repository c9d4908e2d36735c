// The dashboard, built after the other pages and apart from them: were it one build, the widget would have to share lit in a chunk.
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { common, commonBuild, hashedNames, root } from "./build-options.ts";

/** Adds dashboard/index.html and its files to what the build at hand has written. */
export function dashboardPage(): Plugin {
  return {
    name: "dashboard-page",
    apply: "build",
    async closeBundle(error) {
      if (error) return;
      await build({
        ...common,
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        build: {
          ...commonBuild,
          emptyOutDir: false,
          rolldownOptions: {
            input: { dashboard: join(root, "dashboard", "index.html") },
            output: { entryFileNames: "assets/[name]-[hash].js", ...hashedNames },
          },
        },
      });
    },
  };
}
