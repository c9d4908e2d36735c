// Typed arrays that throw at an index they do not have: JavaScript answers undefined there, which computes on as NaN or 0 and shows nowhere.
// For a thread of its own: it replaces the global constructors. Arrays that were made before stay as they are.

/** A read or write beyond the ends of a typed array. */
export class OutOfBounds extends Error {
  override readonly name = "OutOfBounds";
}

type TypedArray = Float32Array | Float64Array | Int32Array | Uint16Array;

/** Those that the evaluator computes with. Bytes of the file are read behind explicit bounds, and sets of levels are bits with an end that is meant. */
const guarded = ["Float32Array", "Float64Array", "Int32Array", "Uint16Array"] as const;

function checkIndex(array: TypedArray, key: string | symbol): void {
  if (typeof key !== "string" || !/^(-?\d|NaN|undefined)/.test(key)) return;
  const index = Number(key);
  if (!(Number.isInteger(index) && index >= 0 && index < array.length))
    throw new OutOfBounds(`index ${key} of ${array.length} in a ${array.constructor.name}`);
}

const handler: ProxyHandler<TypedArray> = {
  get(array, key) {
    checkIndex(array, key);
    const value: unknown = Reflect.get(array, key, array);
    if (typeof value !== "function" || key === "constructor") return value;
    return (...args: unknown[]) => {
      const result: unknown = value.apply(array, args);
      return guarded.some((name) => result instanceof plain[name]) ? guard(result as TypedArray) : result;
    };
  },
  set(array, key, value) {
    checkIndex(array, key);
    return Reflect.set(array, key, value, array);
  },
};

const plain = Object.fromEntries(guarded.map((name) => [name, globalThis[name]])) as unknown as Record<
  (typeof guarded)[number],
  Float64ArrayConstructor
>;

const guard = (array: TypedArray) => new Proxy(array, handler);

/** Replaces the constructors for good. */
export function guardTypedArrays(): void {
  for (const name of guarded) {
    const replacement = new Proxy(plain[name], {
      construct: (target, args) => guard(Reflect.construct(target, args) as TypedArray),
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if ((key !== "from" && key !== "of") || typeof value !== "function") return value;
        return (...args: unknown[]) => guard(value.apply(target, args) as TypedArray);
      },
    });
    Object.defineProperty(globalThis, name, { value: replacement, configurable: true, writable: true });
  }
}
