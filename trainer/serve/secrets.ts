// The local server's secrets: made on the first start, kept in a file that only its owner reads.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InputError } from "#core/api/problem.ts";

const names = ["ADMIN_TOKEN", "SIGNING_SECRET", "BOOTSTRAP_SECRET"];

/** Makes the file, or adds the secrets that it lacks; returns the admin token. */
export function ensureSecrets(path: string): string {
  const present = existsSync(path) ? readFileSync(path, "utf8") : "# Made on the first start; never commit.";
  const lacking = names.filter((name) => !new RegExp(`^${name}=`, "m").test(present));
  const added = lacking.map((name) => `${name}=${randomBytes(32).toString("base64url")}`);
  const text = [present.trimEnd(), ...added, ""].join("\n");
  if (lacking.length > 0) writeFileSync(path, text, { mode: 0o600 });
  const token = /^ADMIN_TOKEN=["']?([^"'\r\n]+)/m.exec(text)?.[1];
  if (token) return token;
  throw new InputError(`${path}: ADMIN_TOKEN is empty; remove the line to have it made again`);
}
