import { defineConfig } from "vitest/config";

// Three runtimes, three projects: Node (core, trainer, layers), workerd (the Worker with real D1, R2, Queues), Chromium (the pages).
export default defineConfig({
  test: {
    projects: ["test/vitest.node.ts", "test/vitest.worker.ts", "test/vitest.browser.ts"],
  },
});
