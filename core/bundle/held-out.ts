// held-out.bin: how far off a model was on every held-out row, so that any two models of the same rows can be compared without
// the rows themselves. Four bytes "AHO1", the number of rows (uint32), SHA-256 of the rows (32 bytes), one float32 a row;
// little-endian throughout.
import { InputError } from "../api/problem.ts";

export interface HeldOutErrors {
  /** SHA-256 of the held-out rows as canonical CSV with their targets, lower-case hex: equal hash, same rows in the same order. */
  readonly rowsSha256: string;
  /** Prediction minus actual, in the target's unit. */
  readonly errors: Float32Array;
}

const magic = 0x314f4841; // "AHO1" as it lies in the file
const headBytes = 4 + 4 + 32;

export function encodeHeldOut({ rowsSha256, errors }: HeldOutErrors): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headBytes + 4 * errors.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, errors.length, true);
  for (let i = 0; i < 32; i++) bytes[8 + i] = Number.parseInt(rowsSha256.slice(2 * i, 2 * i + 2), 16);
  for (const [i, error] of errors.entries()) view.setFloat32(headBytes + 4 * i, error, true);
  return bytes;
}

/** Throws InputError for bytes that are no such file, of another version, cut off, or with an error that is not finite. */
export function parseHeldOut(bytes: Uint8Array): HeldOutErrors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headBytes || view.getUint32(0, true) !== magic)
    throw new InputError('held-out.bin: expected to begin with "AHO1", the number of rows and their hash');
  const rows = view.getUint32(4, true);
  if (rows === 0 || bytes.length !== headBytes + 4 * rows)
    throw new InputError(
      `held-out.bin: expected ${headBytes} bytes and 4 for each of ${rows} rows; got ${bytes.length}`,
    );
  const errors = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    errors[i] = view.getFloat32(headBytes + 4 * i, true);
    if (!Number.isFinite(errors[i]))
      throw new InputError(`held-out.bin: expected finite errors; row ${i} has none`);
  }
  const hex = Array.from(bytes.subarray(8, headBytes), (byte) => byte.toString(16).padStart(2, "0"));
  return { rowsSha256: hex.join(""), errors };
}
