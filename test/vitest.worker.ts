import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineProject } from "vitest/config";

const root = `${import.meta.dirname}/..`;

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: `${root}/wrangler.toml` },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(`${root}/migrations`),
          ADMIN_TOKEN: "test-admin-token-0123456789abcdef",
          SIGNING_SECRET: "test-signing-secret-0123456789abcdef",
          BOOTSTRAP_SECRET: "test-bootstrap-secret-0123456789abcdef",
          // A test file is one client in a hurry; those about limits switch them on.
          RATE_LIMITS: "off",
          FUZZ_RUNS: process.env.FUZZ_RUNS ?? "30",
          FUZZ_SEED: process.env.FUZZ_SEED ?? "42",
        },
        ratelimits: { SMALL_LIMITER: { namespace_id: "9001", simple: { limit: 3, period: 60 } } },
      },
    })),
  ],
  test: {
    name: "worker",
    root,
    include: ["test/worker/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
