import { defineConfig } from "vitest/config";
import browser from "./test/vitest.browser.ts";
import node from "./test/vitest.node.ts";
import worker from "./test/vitest.worker.ts";

// Three runtimes, three projects: Node (core, trainer, layers), workerd (the Worker with real D1, R2, Queues), Chromium (the pages).
export default defineConfig({
  test: {
    projects: [node, worker, browser],
    // Faults that tests provoke are logged on purpose; only what a failing test logged is worth reading.
    silent: "passed-only",
  },
});
