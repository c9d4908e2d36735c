// appraise users: people who may sign in, made and changed by an admin.
import { randomBytes } from "node:crypto";
import type * as z from "zod";
import type { User } from "#core/api/identity.ts";
import { InputError } from "#core/api/problem.ts";
import { type Role, roleNames, roles } from "#core/api/roles.ts";
import type { Scope } from "#core/api/scopes.ts";
import { changeUser, createUser, listUsers } from "../../client/identity.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { printResult, tell } from "../output.ts";
import { layTable } from "../text-table.ts";

interface UserOptions extends ConnectionOptions {
  readonly role?: Role;
  readonly scope?: Scope[];
  readonly enable?: boolean;
  readonly json?: boolean;
}

type KnownUser = z.infer<typeof User>;

/** The role whose scopes these are, or the scopes themselves. */
function roleOf({ scopes }: KnownUser): string {
  const same = (role: Role) =>
    roles[role].length === scopes.length && roles[role].every((scope) => scopes.includes(scope));
  return roleNames.find(same) ?? scopes.join(" ");
}

function layUsers(users: readonly KnownUser[]): string {
  const titles = ["name", "state", "role", "made", "by"];
  const rows = users.map((user) => [
    ...[user.name, user.disabled ? "disabled" : "active", roleOf(user)],
    ...[user.createdAt.slice(0, 10), user.createdBy],
  ]);
  return layTable(
    titles.map((title) => ({ title, align: "left" })),
    rows,
  );
}

/** Throws InputError where neither --role nor --scope says what somebody may do, or both do. */
function chosenScopes({ role, scope }: UserOptions): readonly Scope[] {
  if (role && scope) throw new InputError("--scope: expected either --role or --scope; got both");
  const chosen = role ? roles[role] : scope;
  if (!chosen) throw new InputError(`--role: expected one of ${roleNames.join(", ")}, or --scope`);
  return chosen;
}

export async function list(options: UserOptions): Promise<void> {
  const users = await listUsers(connect(options));
  printResult(options.json, { users }, () => layUsers(users));
}

export async function invite(name: string, options: UserOptions): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  const user = await createUser(connect(options), { name, password, scopes: [...chosenScopes(options)] });
  if (!options.json)
    tell(
      `${user.name} (${roleOf(user)}) may log in and should set another password. This one is shown once:`,
    );
  printResult(options.json, { ...user, password }, () => password);
}

export async function disable(name: string, options: UserOptions): Promise<void> {
  const user = await changeUser(connect(options), name, { disabled: !options.enable });
  const words = user.disabled ? "is disabled; tokens and keys end within ten seconds" : "may log in again";
  printResult(options.json, user, () => `${user.name} ${words}`);
}

export async function setRole(name: string, options: UserOptions): Promise<void> {
  const user = await changeUser(connect(options), name, { scopes: [...chosenScopes(options)] });
  printResult(options.json, user, () => `${user.name} is now ${roleOf(user)}`);
}
