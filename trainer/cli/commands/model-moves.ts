// appraise models promote, rollback, history: moving an alias by hand, and who moved it when and why.
import type { Command } from "commander";
import { championAlias } from "../../publish/promotion-mode.ts";
import { addModelsOptions } from "../models-options.ts";
import { parseNatural } from "../numbers.ts";

const actions = () => import("../actions/model-moves.ts");

/** A subcommand that is about one alias, the champion's unless it is named. */
function aliasCommand(models: Command, name: string, description: string): Command {
  return addModelsOptions(models.command(name).description(description)).option(
    "--alias <name>",
    "which alias",
    championAlias,
  );
}

export function addModelMoveCommands(models: Command): void {
  aliasCommand(models, "promote", "point an alias at a model, after a comparison with the one it points to")
    .argument("<id or alias>", "the model")
    .requiredOption("--reason <text>", "why, for the ledger")
    .action(async (model, options) => (await actions()).promote(model, options));
  aliasCommand(models, "rollback", "take an alias back to the model before, each time a step further")
    .requiredOption("--reason <text>", "why, for the ledger")
    .option("--to <revision>", "the revision whose model shall be live again", parseNatural)
    .action(async (options) => (await actions()).goBack(options));
  aliasCommand(models, "history", "every move of an alias: when, where to, who and why").action(
    async (options) => (await actions()).history(options),
  );
}
