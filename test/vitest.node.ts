import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "node",
    root: `${import.meta.dirname}/..`,
    include: ["test/**/*.test.ts"],
    exclude: ["test/worker/**", "test/browser/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
