// appraise login, logout: a user's session with a server, kept in a file that only this user reads.
import type { Command } from "commander";

const actions = () => import("../actions/login.ts");

export function addLoginCommands(program: Command): void {
  program
    .command("login")
    .description("log in to a server; later commands renew the session by themselves")
    .option("--url <url>", "the server; APPRAISE_URL when left out")
    .requiredOption("--user <name>", "who you are")
    .option("--password-stdin", "read the password from standard input instead of asking for it")
    .option("--bootstrap", "make this the server's first user, with the secret in APPRAISE_BOOTSTRAP_SECRET")
    .option("--json", "print one JSON document on standard output")
    .action(async (options) => (await actions()).login(options));
  program
    .command("logout")
    .description("end the session with a server")
    .option("--url <url>", "the server; APPRAISE_URL when left out")
    .option("--json", "print one JSON document on standard output")
    .action(async (options) => (await actions()).logout(options));
}
