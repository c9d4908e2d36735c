// The one way in for models trained elsewhere: tells the format from the bytes and reads it within bounds.
import { InputError } from "#core/api/problem.ts";
import { fileLimits } from "./document.ts";
import type { ImportedModel, ImportOptions } from "./imported-model.ts";
import { readJson } from "./json-reader.ts";
import { readLightgbm } from "./lightgbm.ts";
import { readUbjson } from "./ubjson-reader.ts";
import { readXgboost } from "./xgboost.ts";

const formats = "XGBoost JSON or UBJSON (save_model to .json or .ubj) or LightGBM text (save_model to .txt)";

/**
 * Reads a model file of XGBoost (JSON, UBJSON) or LightGBM (text). Features are matched with the spec by name, categories by the level names
 * in the file or else by level order. Throws InputError that names the file and what of it is not read.
 */
export function importModel(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  try {
    if (bytes.length > fileLimits.bytes) {
      throw new InputError(`expected at most ${fileLimits.bytes} bytes; got ${bytes.length}`);
    }
    return readFormat(bytes, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.errors.map((fault) => ({ ...fault, detail: `${options.fileName}: ${fault.detail}` })),
    );
  }
}

function readFormat(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  const starts = (...codes: number[]) => codes.every((code, index) => bytes[index] === code);
  if (starts(0x7b)) {
    // After its brace UBJSON has a key's length ("L", "l", "U", ...) or a mark ("$", "#"), JSON a quote or white space.
    const isBinary = "iUIlL$#".includes(String.fromCharCode(bytes[1]));
    return isBinary
      ? readXgboost(readUbjson(bytes), "ubjson", options)
      : readXgboost(readJson(toText(bytes)), "json", options);
  }
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 16));
  if (/^tree\r?\n/.test(head)) return readLightgbm(toText(bytes), options);
  if (/^\s*[[{]/.test(head)) return readXgboost(readJson(toText(bytes)), "json", options);
  if (starts(0x1f, 0x8b)) throw new InputError(`compressed with gzip: unpack it first; expected ${formats}`);
  if (starts(0x80))
    throw new InputError(`a Python pickle, which is a program and is never run; expected ${formats}`);
  if (head.startsWith("binf") || head.startsWith("bs64")) {
    throw new InputError(`XGBoost's old binary format; expected ${formats}`);
  }
  throw new InputError(`unknown format; expected ${formats}`);
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`expected UTF-8 text; expected ${formats}`);
  }
}
