// appraise train: rows in, models out; to a folder, to a server, or only to look at.
import { type Command, Option } from "commander";
import { type FamilyName, familyNames } from "#core/api/family-names.ts";
import { InputError, quoted } from "#core/api/problem.ts";
import { presetNames } from "../../families/preset-names.ts";
import { parseCount, parseDuration, parseSeed } from "../numbers.ts";
import { addPublicationOptions } from "../publication-options.ts";
import { addSearchOptions } from "../search-options.ts";
import { sourceFormats } from "../source-formats.ts";

const actions = () => import("../actions/train.ts");

function collectFamily(name: string, before: readonly FamilyName[]): FamilyName[] {
  const known = familyNames.find((one) => one === name);
  if (known) return [...before, known];
  throw new InputError(`--family: expected one of ${familyNames.join(", ")}; got ${quoted(name)}`);
}

const presets = Object.entries(presetNames)
  .map(([family, names]) => `${names.join(", ")} of ${family}`)
  .join("; ");

export function addTrainCommand(program: Command): void {
  const command = program
    .command("train")
    .description("clean, split, search, fit, measure and export; then write or publish the models")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option(
      "--source <where>",
      "rows as CSV or NDJSON: a path, a URL, npm:<package>/<file>, - for standard input, or items: the server's current rows; the spec's source when left out",
    )
    .addOption(new Option("--format <format>", "format of the source").choices(sourceFormats))
    .option(
      "--family <name>",
      `model family, may be repeated; all when left out: ${familyNames.join(", ")}`,
      collectFamily,
      [] as readonly FamilyName[],
    )
    .option("--preset <name>", `settings of the one --family in place of its own candidates: ${presets}`)
    .option("--models <n>", "how many candidates of each family become models", parseCount, 3)
    .option("--seed <n>", "seed of split, search and fit; the spec's when left out", parseSeed);
  addPublicationOptions(addSearchOptions(command))
    .option(
      "--publish-each",
      "publish and promote the models of each family as soon as they are trained, not all at the end",
    )
    .option(
      "--wait-for-server <time>",
      "begin while the server is still starting, and wait so long for it before publishing",
      parseDuration,
    )
    .option("--if-changed", "do nothing where the server holds models of the same spec, rows, seed and code")
    .option("--json", "print one JSON document on standard output")
    .action(async (options) => (await actions()).runTrain(options));
}
