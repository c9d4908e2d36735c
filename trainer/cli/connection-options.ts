// Options of every command that talks to a server: which one, and as whom.
import type { Command } from "commander";

export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--url <url>", "the server; APPRAISE_URL when left out")
    .option("--token <token>", "its access token or API key; APPRAISE_TOKEN or the login when left out");
}
