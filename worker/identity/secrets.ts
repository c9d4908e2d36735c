// Secrets: made from the platform's randomness, kept as hashes, compared in a time that tells nothing.
import { encodeBase64Url } from "hono/utils/encode";
import { hexOf } from "../storage/content.ts";

const encoder = new TextEncoder();

/** `bytes` random bytes as base64url: 32 of them are 43 characters. */
export function newSecret(bytes = 32): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(bytes)).buffer).replaceAll("=", "");
}

export function newId(bytes = 8): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** SHA-256 of a text in UTF-8, as 64 lower-case hex digits. */
export async function hashSecret(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

/** Compares two texts of one known length, such as hashes. */
export function isSameHash(given: string, kept: string): boolean {
  const [a, b] = [encoder.encode(given), encoder.encode(kept)];
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b);
}

/** Compares in a time that tells nothing: of hashes, so that not even the length shows. False where no secret is set. */
export async function isSameSecret(given: string, secret: string | undefined): Promise<boolean> {
  if (!secret) return false;
  const hash = (text: string) => crypto.subtle.digest("SHA-256", encoder.encode(text));
  const [a, b] = await Promise.all([hash(given), hash(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}
