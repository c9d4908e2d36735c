// Binary: two classes, one of them positive; contributions are to its log-odds.
import { classes } from "./classes.ts";
import type { Task } from "./task.ts";

export const binary: Task = { name: "binary", ...classes };
