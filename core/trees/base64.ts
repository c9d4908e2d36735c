// Base64 (RFC 4648, padded) of bytes, since core may use no platform's own and Uint8Array.toBase64 is not everywhere yet.

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const pad = 61;
const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
const values = new Uint8Array(256).fill(255);
for (let i = 0; i < letters.length; i++) values[letters[i]] = i;

export function bytesToBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    out[at++] = letters[bits >> 18];
    out[at++] = letters[(bits >> 12) & 63];
    out[at++] = left > 1 ? letters[(bits >> 6) & 63] : pad;
    out[at++] = left > 2 ? letters[bits & 63] : pad;
  }
  return new TextDecoder().decode(out);
}

/** The bytes that `text` stands for; undefined where it is not padded base64. */
export function base64ToBytes(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const value = values[text.charCodeAt(i) & 255];
    if (value === 255 || text.charCodeAt(i) > 255) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
  }
  return bytes;
}
