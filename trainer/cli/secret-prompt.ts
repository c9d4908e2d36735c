// Secrets asked of a person: typed unseen, or read from standard input; never an argument, which every process of the machine can read.
import { text as readText } from "node:stream/consumers";
import { InputError } from "#core/api/problem.ts";

const keys = { enter: ["\r", "\n"], end: "\u0004", interrupt: "\u0003", erase: ["\u007f", "\b"] } as const;

/** Asks on the terminal without echo. Throws InputError where there is no terminal or the person gives up. */
function askUnseen(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY)
    throw new InputError(`${question}: no terminal to ask on; pipe it in with --password-stdin`);
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding("utf8");
  return new Promise((resolve, reject) => {
    let typed = "";
    const finish = (settle: () => void) => {
      stdin.off("data", read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    // A paste comes as one piece of many characters.
    const read = (piece: string) => {
      for (const character of piece) {
        if ((keys.enter as readonly string[]).includes(character)) return finish(() => resolve(typed));
        if (character === keys.interrupt || character === keys.end)
          return finish(() => reject(new InputError(`${question}: given up`)));
        if ((keys.erase as readonly string[]).includes(character)) typed = [...typed].slice(0, -1).join("");
        else typed += character;
      }
    };
    stdin.on("data", read);
  });
}

/** The secret: of standard input without its line end where `fromInput`, asked for otherwise. */
export async function readSecret(question: string, fromInput: boolean | undefined): Promise<string> {
  const secret = fromInput
    ? (await readText(process.stdin)).replace(/\r?\n$/, "")
    : await askUnseen(question);
  if (secret === "") throw new InputError(`${question}: expected one; got nothing`);
  return secret;
}
