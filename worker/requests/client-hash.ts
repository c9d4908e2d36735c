// Clients in the log: a keyed hash, so that one client's requests belong together and nobody's address is kept.
import type { Env } from "../env.ts";
import { limits } from "../http/limits.ts";
import { hexOf } from "../storage/content.ts";

interface Keyed {
  readonly secret: string;
  readonly key: CryptoKey;
  /** Hashes of the clients seen of late: one that asks again costs no cryptography. */
  readonly known: Map<string, string>;
}

let imported: Keyed | undefined;

/** HMAC-SHA256 of the address, at once where it is known; null where there is no address or no secret to key it with. */
export function hashClient(env: Env, address: string | undefined): string | null | Promise<string> {
  const secret = env.SIGNING_SECRET;
  if (!address || !secret) return null;
  const seen = imported?.secret === secret ? imported.known.get(address) : undefined;
  return seen ?? computeHash(secret, address);
}

async function computeHash(secret: string, address: string): Promise<string> {
  const encoder = new TextEncoder();
  if (imported?.secret !== secret) {
    // Its own purpose in the key keeps it apart from the tokens that the same secret signs.
    const bytes = encoder.encode(`client-address:${secret}`);
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    imported = { secret, key, known: new Map() };
  }
  const { key, known } = imported;
  const hash = hexOf(await crypto.subtle.sign("HMAC", key, encoder.encode(address)));
  if (known.size >= limits.knownClients) known.clear();
  known.set(address, hash);
  return hash;
}
