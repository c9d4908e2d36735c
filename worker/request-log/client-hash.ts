// Clients in the log: a keyed hash, so that one client's requests belong together and nobody's address is kept.
import type { Env } from "../env.ts";
import { hexOf } from "../store/content.ts";

let imported: { readonly secret: string; readonly key: CryptoKey } | undefined;

/** HMAC-SHA256 of the address; undefined where there is no address or no secret to key it with. */
export async function hashClient(env: Env, address: string | undefined): Promise<string | null> {
  const secret = env.SIGNING_SECRET;
  if (!address || !secret) return null;
  const encoder = new TextEncoder();
  if (imported?.secret !== secret) {
    // Its own purpose in the key keeps it apart from the tokens that the same secret signs.
    const bytes = encoder.encode(`client-address:${secret}`);
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    imported = { secret, key };
  }
  return hexOf(await crypto.subtle.sign("HMAC", imported.key, encoder.encode(address)));
}
