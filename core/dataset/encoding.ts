// The encoding of a text from its first bytes: a byte order mark, the pattern of its zero bytes, or whether it is valid UTF-8.

export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

export interface FoundEncoding {
  readonly encoding: Encoding;
  /** Bytes of the byte order mark at the start; 0 where there is none. */
  readonly markBytes: number;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** Whether all bytes are UTF-8; a sequence that is cut off at the end is valid where more may come. */
function isUtf8(bytes: Uint8Array, isWhole: boolean): boolean {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at];
    const length =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead < 0xe0
          ? 2
          : lead >> 4 === 0xe
            ? 3
            : lead >= 0xf0 && lead < 0xf5
              ? 4
              : 0;
    if (length === 0) return false;
    const end = Math.min(at + length, bytes.length);
    for (let next = at + 1; next < end; next++) if (bytes[next] >> 6 !== 2) return false;
    if (at + length > bytes.length) return !isWhole;
    at += length;
  }
  return true;
}

/** The share of zero bytes at even and at odd places. */
function zeroShares(bytes: Uint8Array): [even: number, odd: number] {
  const zeros = [0, 0];
  bytes.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]++;
  });
  const half = Math.max(1, bytes.length / 2);
  return [zeros[0] / half, zeros[1] / half];
}

/**
 * The encoding of a text that starts with `bytes`; `isWhole` says that nothing follows them. Western single-byte text is read as
 * Windows-1252, which holds Latin-1. Undefined for bytes that are no text: they hold zero bytes and are not UTF-16.
 */
export function findEncoding(bytes: Uint8Array, isWhole: boolean): FoundEncoding | undefined {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return { encoding: "utf-8", markBytes: 3 };
  if (startsWith(bytes, [0xff, 0xfe])) return { encoding: "utf-16le", markBytes: 2 };
  if (startsWith(bytes, [0xfe, 0xff])) return { encoding: "utf-16be", markBytes: 2 };
  const [even, odd] = zeroShares(bytes);
  // Mostly Latin letters in UTF-16 leave every other byte zero; a stray zero byte is damage.
  if (odd > 0.4 && even < 0.05) return { encoding: "utf-16le", markBytes: 0 };
  if (even > 0.4 && odd < 0.05) return { encoding: "utf-16be", markBytes: 0 };
  if (even > 0 || odd > 0) return undefined;
  return { encoding: isUtf8(bytes, isWhole) ? "utf-8" : "windows-1252", markBytes: 0 };
}
