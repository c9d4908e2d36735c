// The name of a feature, a target or a derived column: safe in JSON, SQL, ONNX and a form.
import * as z from "zod";

export const FieldName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "expected a letter or _ followed by up to 63 letters, digits or _");
