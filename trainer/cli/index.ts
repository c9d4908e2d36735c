// The command line: one file a command under commands/.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addCheckCommand } from "./commands/check.ts";
import { addImportCommand } from "./commands/import.ts";
import { addInitCommand } from "./commands/init.ts";
import { addItemsCommand } from "./commands/items.ts";
import { addJobsCommands } from "./commands/jobs.ts";
import { addKeysCommand } from "./commands/keys.ts";
import { addLoadCommand } from "./commands/load.ts";
import { addLoginCommands } from "./commands/login.ts";
import { addModelsCommand } from "./commands/models.ts";
import { addPredictCommand } from "./commands/predict.ts";
import { addReplayCommand } from "./commands/replay.ts";
import { addReportCommand } from "./commands/report.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addStreamsCommand } from "./commands/streams.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addUpCommand } from "./commands/up.ts";
import { addUsersCommand } from "./commands/users.ts";
import { addWorkCommand } from "./commands/work.ts";
import { exitCodeHelp, exitCodes, explainError } from "./exit-code.ts";
import { tell } from "./output.ts";

function buildProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const program = new Command("appraise")
    .description("Turns a table of things with prices into a live pricing service.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(--help shows what is possible)");
  addUpCommand(program);
  addServeCommand(program);
  addInitCommand(program);
  addReportCommand(program);
  addCheckCommand(program);
  addTrainCommand(program);
  addStreamsCommand(program);
  addImportCommand(program);
  addLoadCommand(program);
  addItemsCommand(program);
  addModelsCommand(program);
  addPredictCommand(program);
  addLoginCommands(program);
  addKeysCommand(program);
  addUsersCommand(program);
  addReplayCommand(program);
  addWorkCommand(program);
  addJobsCommands(program);
  for (const command of [program, ...program.commands]) command.addHelpText("after", exitCodeHelp);
  return program;
}

/** Runs one command; resolves to the exit code. Never throws, never shows a stack unless APPRAISE_DEBUG is set. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that leaves early (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    throw error;
  });
  try {
    await buildProgram().parseAsync(argv, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    const { code, line } = explainError(error);
    if (line) tell(line);
    if (process.env.APPRAISE_DEBUG && error instanceof Error && line) tell(error.stack ?? "");
    return code;
  }
}
