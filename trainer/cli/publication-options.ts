// Options that train and import share: where the models go, and who becomes champion.
import { type Command, Option } from "commander";
import { type PromotionMode, promotionModes } from "../publish/promotion-mode.ts";
import type { ConnectionOptions } from "./connection-options.ts";

export interface PublicationOptions extends ConnectionOptions {
  readonly out?: string;
  readonly publish?: string;
  readonly promote: PromotionMode;
  readonly reason?: string;
}

export function addPublicationOptions(command: Command): Command {
  return command
    .option("--out <folder>", "write the bundles and metrics.json there")
    .option("--publish <url>", "publish to this server")
    .option("--url <url>", "the server that --source items reads from; APPRAISE_URL when left out")
    .option("--token <token>", "the server's access token or API key; APPRAISE_TOKEN when left out")
    .addOption(
      new Option(
        "--promote <mode>",
        "whether the best model becomes champion: auto = if it is surely better than the present one on the same held-out rows; always needs --reason",
      )
        .choices(promotionModes)
        .default("auto"),
    )
    .option("--reason <text>", "why, for the ledger of promotions");
}
