// How the widget looks, as constructable style sheets: no inline style, so that a strict content security policy has nothing to forbid.
import { answer } from "./answer.ts";
import { behind } from "./behind.ts";
import { choices } from "./choices.ts";
import { fields } from "./fields.ts";
import { layout } from "./layout.ts";
import { palette } from "./palette.ts";

export const styles = [palette, fields, choices, answer, behind, layout];
