// Makes bench/peers/.venv with the rivals of the benchmarks: node bench/peers/setup.mjs [--python python3]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const at = process.argv.indexOf("--python");
const python = at < 0 ? "python3" : process.argv[at + 1];
const own = join(folder, ".venv", "bin", "python");

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")}: ${error?.message ?? `ended with code ${status}`}`);
  process.exit(1);
}

if (!existsSync(own)) run(python, ["-m", "venv", join(folder, ".venv")]);
run(own, [
  "-m",
  "pip",
  "install",
  "--quiet",
  "--disable-pip-version-check",
  "-r",
  join(folder, "requirements.txt"),
]);
console.log(`The rivals are installed: ${own}`);
