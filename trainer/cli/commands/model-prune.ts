// appraise models prune: deletes old models that were never live, and what publications that broke off left behind.
import type { Command } from "commander";
import { addModelsOptions } from "../models-options.ts";
import { parseNatural } from "../numbers.ts";

const actions = () => import("../actions/model-prune.ts");

const usualKeep = 20;

export function addModelPruneCommand(models: Command): void {
  addModelsOptions(
    models
      .command("prune")
      .description("delete models that were never live, but the newest, and files of bundles never published")
      .option("--keep <count>", "how many models that were never live stay", parseNatural, usualKeep)
      .option("--dry-run", "only tell what would be deleted"),
  ).action(async (options) => (await actions()).prune(options));
}
