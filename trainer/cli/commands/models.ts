// appraise models: the training history a server keeps, everything it knows of one model, and two side by side.
import type { Command } from "commander";
import { addModelsOptions } from "../models-options.ts";
import { addModelMoveCommands } from "./model-moves.ts";
import { addModelPruneCommand } from "./model-prune.ts";

const actions = () => import("../actions/models.ts");

export function addModelsCommand(program: Command): void {
  const models = program.command("models").description("look at, compare, move and prune a server's models");
  addModelsOptions(
    models
      .command("list")
      .description("every model with its family, metrics and the aliases that point to it, newest first"),
  ).action(async (options) => (await actions()).list(options));
  addModelsOptions(
    models
      .command("show")
      .description("how one model came about and how well it does")
      .argument("<id or alias>", "the model"),
  ).action(async (model, options) => (await actions()).show(model, options));
  addModelsOptions(
    models
      .command("compare")
      .description("two models side by side, with the gate's verdict on the same held-out rows")
      .argument("<a>", "id or alias; stands as the champion")
      .argument("<b>", "id or alias; stands as the challenger"),
  ).action(async (a, b, options) => (await actions()).compare(a, b, options));
  addModelMoveCommands(models);
  addModelPruneCommand(models);
}
