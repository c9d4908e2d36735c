import { defineProject } from "vitest/config";

export default defineProject({
  test: {
    name: "browser",
    root: `${import.meta.dirname}/..`,
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
