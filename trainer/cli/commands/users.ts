// appraise users: people who may sign in, made and changed by an admin.
import { type Command, Option } from "commander";
import { roleNames } from "#core/api/roles.ts";
import { addConnectionOptions } from "../connection-options.ts";
import { collectScopes } from "../scope-option.ts";

const actions = () => import("../actions/users.ts");

export function addUsersCommand(program: Command): void {
  const users = program.command("users").description("list, invite, disable and change people (for admins)");
  const json = "print one JSON document on standard output";
  const role = () => new Option("--role <role>", "what they may do").choices(roleNames);
  const scopeHelp = "single scopes in place of a role; again or with commas for several";
  const add = (words: string, description: string) =>
    addConnectionOptions(users.command(words).description(description)).option("--json", json);
  add("list", "everybody, with their role").action(async (options) => (await actions()).list(options));
  add("invite <name>", "make a user with a password that is shown once")
    .addOption(role())
    .option("--scope <scopes>", scopeHelp, collectScopes)
    .action(async (name, options) => (await actions()).invite(name, options));
  add("disable <name>", "end a user's tokens and keys, within ten seconds everywhere")
    .option("--enable", "let them log in again")
    .action(async (name, options) => (await actions()).disable(name, options));
  add("role <name>", "change what a user may do")
    .addOption(role())
    .option("--scope <scopes>", scopeHelp, collectScopes)
    .action(async (name, options) => (await actions()).setRole(name, options));
}
