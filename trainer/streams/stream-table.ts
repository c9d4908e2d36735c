// A table as a stream: its rows in their order, each with the answer that a learner gets to see after it has predicted.
import { InputError, quoted } from "#core/api/problem.ts";
import { findDay } from "#core/dataset/calendar.ts";
import { isMissing } from "#core/dataset/cell.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import { readNumberText } from "#core/dataset/number-text.ts";
import type { OnlineTask } from "#core/online/learner.ts";
import type { OnlineColumn } from "#core/online/row-encoder.ts";
import { profileColumn } from "../tables/inferring/column-profile.ts";
import { type ColumnType, findColumnType } from "../tables/inferring/column-type.ts";
import { isDateTime, toIso } from "../tables/reading/date-format.ts";
import type { RawTable } from "../tables/reading/raw-table.ts";

export interface StreamTable {
  readonly task: OnlineTask;
  readonly columns: readonly OnlineColumn[];
  /** Columns that no learner reads, and why. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
  /** Cells in the order of `columns`, and the answer: a number, or a class's name. Rows without an answer are left out. */
  rows(): AsyncGenerator<{
    readonly cells: (string | number | undefined)[];
    readonly answer: string | number;
  }>;
}

type Read = (text: string) => string | number | undefined;

function readerOf(type: ColumnType): Read {
  if (type.type === "number") return (text) => readNumberText(text, type.style)?.value;
  if (type.type === "date" || type.type === "datetime")
    return (text) => {
      const iso = toIso(text, type.format);
      return iso === undefined ? undefined : findDay(iso, isDateTime(type.format) ? "datetime" : "date");
    };
  return (text) => text;
}

/** Classes beyond so many are no classes but texts. */
const mostClasses = 1000;

function taskOf(column: string, type: ColumnType, asked: OnlineTask | undefined): OnlineTask {
  if (type.type === "none") throw new InputError(`--target: ${column.slice(0, 60)}: ${type.reason}`);
  const task = asked ?? (type.type === "number" ? "regression" : "classes");
  if (task === "regression" && type.type !== "number")
    throw new InputError(`--task: ${column.slice(0, 60)} holds no numbers; expected classes`);
  if (type.type === "category" && type.levels.length > mostClasses)
    throw new InputError(`--target: expected at most ${mostClasses} classes; got ${type.levels.length}`);
  return task;
}

/** The table's columns by what their cells look like. Throws InputError for a target that it does not have or nothing can learn. */
export async function openStream(table: RawTable, target: string, asked?: OnlineTask): Promise<StreamTable> {
  const at = table.columns.indexOf(target);
  if (at < 0)
    throw new InputError(
      `--target: no column ${quoted(target)} in ${table.source}${hint(target, table.columns)}`,
    );
  const types = await Promise.all(
    table.columns.map(async (_, column) => findColumnType(await profileColumn(table, column))),
  );
  const task = taskOf(target, types[at], asked);
  const used = types.flatMap((type, column) =>
    column === at || type.type === "none"
      ? []
      : [{ column, read: readerOf(type), isCategory: type.type === "category" || type.type === "boolean" }],
  );
  if (used.length === 0)
    throw new InputError(
      `${table.source}: expected a column beside ${quoted(target)} that can be learnt from`,
    );
  const readAnswer = task === "classes" ? (text: string) => text : readerOf(types[at]);
  const select = [...used.map(({ column }) => `c${column}`), `c${at}`].join(", ");
  return {
    task,
    columns: used.map(({ column, isCategory }) => ({ name: table.columns[column], isCategory })),
    leftOut: types.flatMap((type, column) =>
      type.type === "none" ? [{ column: table.columns[column], reason: type.reason }] : [],
    ),
    async *rows() {
      for await (const cells of table.database.stream(`SELECT ${select} FROM raw`)) {
        const texts = cells.map((cell) => (cell === null ? "" : String(cell).trim()));
        const given = texts[used.length];
        const answer = isMissing(given) ? undefined : readAnswer(given);
        if (answer === undefined) continue;
        yield {
          cells: used.map(({ read }, k) => (isMissing(texts[k]) ? undefined : read(texts[k]))),
          answer,
        };
      }
    },
  };
}
