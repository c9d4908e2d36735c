// appraise import: a model that XGBoost or LightGBM trained elsewhere, measured and served as one of ours.
import { type Command, Option } from "commander";
import { parseSeed } from "../numbers.ts";
import { addPublicationOptions } from "../publication-options.ts";
import { sourceFormats } from "../source-formats.ts";

const actions = () => import("../actions/import.ts");

export function addImportCommand(program: Command): void {
  const command = program
    .command("import")
    .description("take over a model of XGBoost (.json, .ubj) or LightGBM (.txt); then write or publish it")
    .argument("<file>", "what save_model wrote")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option("--source <where>", "rows to judge it on, as in train; the spec's source when left out")
    .addOption(new Option("--format <format>", "format of the source").choices(sourceFormats))
    .addOption(
      new Option(
        "--target <transform>",
        "what it was fitted to: the target itself (none) or its logarithm; the spec's transform when left out",
      ).choices(["none", "log"]),
    )
    .option(
      "--features <names>",
      "its features in its own order, by comma, where the file names none",
      (text: string) => text.split(",").map((name) => name.trim()),
    )
    .option("--seed <n>", "seed of the split; the spec's when left out", parseSeed);
  addPublicationOptions(command)
    .option("--json", "print one JSON document on standard output")
    .action(async (path, options) => (await actions()).runImport(path, options));
}
