// Passwords: PBKDF2 with its parameters beside every hash, so that they can grow and old hashes follow at the next login.
import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { normalisePassword } from "#core/api/identity.ts";
import { newSecret } from "./secrets.ts";

interface Parameters {
  /** Of one call; Workers refuse more than 100,000. */
  readonly iterations: number;
  /** Calls, each salted with what the one before gave: nobody can do them side by side. */
  readonly rounds: number;
}

/** 210,000 iterations of HMAC-SHA-512 in all, as the OWASP Password Storage Cheat Sheet asks for. */
export const currentParameters: Parameters = { iterations: 70_000, rounds: 3 };

const algorithm = "pbkdf2-sha512";
const hashBits = 512;
/** What a hash in the database may ask for: one that was tampered with must not cost an isolate its time. */
const most: Parameters = { iterations: 100_000, rounds: 10 };

async function derive(
  password: string,
  salt: ArrayBuffer,
  { iterations, rounds }: Parameters,
): Promise<ArrayBuffer> {
  const bytes = new TextEncoder().encode(normalisePassword(password));
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  let derived = salt;
  for (let round = 0; round < rounds; round++) {
    const parameters = { name: "PBKDF2", hash: "SHA-512", salt: derived, iterations };
    derived = await crypto.subtle.deriveBits(parameters, key, hashBits);
  }
  return derived;
}

const bytesOf = (text: string) => new Uint8Array(decodeBase64Url(text)).buffer;

/** algorithm$iterations$rounds$salt$hash */
export async function hashPassword(password: string, parameters = currentParameters): Promise<string> {
  const salt = newSecret(16);
  const hash = encodeBase64Url(await derive(password, bytesOf(salt), parameters)).replaceAll("=", "");
  return [algorithm, parameters.iterations, parameters.rounds, salt, hash].join("$");
}

interface Kept extends Parameters {
  readonly salt: string;
  readonly hash: string;
}

/** What stands in a stored hash; undefined for one that nobody here has written. */
function findKept(stored: string): Kept | undefined {
  const [name, iterations, rounds, salt = "", hash = ""] = stored.split("$");
  const kept = { iterations: Number(iterations), rounds: Number(rounds), salt, hash };
  const isSound =
    name === algorithm &&
    [kept.iterations, kept.rounds].every((number) => Number.isInteger(number) && number > 0) &&
    kept.iterations <= most.iterations &&
    kept.rounds <= most.rounds;
  return isSound ? kept : undefined;
}

/** Stands for a user who is not there: as long to check as a real one, and never right. */
const nobody: Kept = { ...currentParameters, salt: "A".repeat(22), hash: "" };

export interface Verdict {
  readonly right: boolean;
  /** Whether the hash is of older parameters and wants to be made anew. */
  readonly outdated: boolean;
}

/** Holds a password against a stored hash; takes as long for undefined, a user who does not exist. */
export async function checkPassword(password: string, stored: string | undefined): Promise<Verdict> {
  const found = stored === undefined ? undefined : findKept(stored);
  const kept = found ?? nobody;
  const derived = await derive(password, bytesOf(kept.salt), kept);
  const hash = bytesOf(kept.hash);
  const equal = crypto.subtle.timingSafeEqual(
    derived,
    hash.byteLength === derived.byteLength ? hash : derived,
  );
  const outdated =
    kept.iterations !== currentParameters.iterations || kept.rounds !== currentParameters.rounds;
  return { right: found !== undefined && hash.byteLength === derived.byteLength && equal, outdated };
}
