// Where `drizzle-kit generate` finds the tables and puts the migrations that wrangler applies.
import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./worker/storage/schema.ts", out: "./migrations" });
