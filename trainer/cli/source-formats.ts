// Formats that --format may name.
import type { SourceFormat } from "../dataset/source.ts";

export const sourceFormats = ["csv", "ndjson"] as const satisfies readonly SourceFormat[];
