// held-out.bin: what is written is read, to the float32, and nothing else is taken for it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { encodeHeldOut, parseHeldOut } from "#core/bundle/held-out.ts";

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const errors = fc.float32Array({ minLength: 1, maxLength: 200, noNaN: true, noDefaultInfinity: true });

describe("held-out.bin", () => {
  it("gives back every error and the rows' hash, at any offset in memory", () => {
    fc.assert(
      fc.property(hash, errors, fc.nat(9), (rowsSha256, values, offset) => {
        const bytes = encodeHeldOut({ rowsSha256, errors: values });
        expect(bytes.length).toBe(40 + 4 * values.length);
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(parseHeldOut(moved.subarray(offset))).toEqual({ rowsSha256, errors: values });
      }),
    );
  });

  it("refuses what is cut, longer, of another version or not finite", () => {
    const whole = encodeHeldOut({ rowsSha256: "ab".repeat(32), errors: Float32Array.of(1, -2, 3) });
    const changed = (change: (bytes: Uint8Array) => void) => {
      const copy = whole.slice();
      change(copy);
      return copy;
    };
    const bad = [
      new Uint8Array(0),
      whole.subarray(0, 39),
      whole.subarray(0, -1),
      new Uint8Array([...whole, 0]),
      changed((bytes) => bytes.set([0x32], 3)),
      changed((bytes) => new DataView(bytes.buffer).setUint32(4, 0, true)),
      changed((bytes) => new DataView(bytes.buffer).setFloat32(44, Number.NaN, true)),
      changed((bytes) => new DataView(bytes.buffer).setFloat32(44, Number.POSITIVE_INFINITY, true)),
    ];
    for (const bytes of bad) expect(() => parseHeldOut(bytes)).toThrow(InputError);
  });

  it("is taken for nothing, whatever the bytes, but itself or a refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(parseHeldOut(bytes).errors.length).toBe((bytes.length - 40) / 4);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
