// The API under somebody else's fuzzer: schemathesis, from openapi.json, against the real Worker. Says so where it is not installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../../test/browser/server.ts";

const own = join(import.meta.dirname, "..", "peers", ".venv", "bin", "schemathesis");
const command = process.env.SCHEMATHESIS ?? (existsSync(own) ? own : "schemathesis");
const examples = process.argv[2] ?? "20";
if (!/^[1-9]\d{0,4}$/.test(examples)) {
  console.error(`examples an operation: expected a whole number; got ${JSON.stringify(examples)}`);
  process.exit(2);
}

// What openapi.json promises of every answer. That a value which breaks a schema is refused is not among them: a name is any text to
// OpenAPI, and what it must be beyond is told by 422.
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
];

const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
if (status !== 0) {
  console.log("schemathesis is not installed: pip install schemathesis==4.32.5, or name it in SCHEMATHESIS");
  process.exit(0);
}
console.log(stdout.trim());

const server = await startServer();
try {
  await server.appraise("train", "--dataset", "diamonds", "--publish", server.origin, "--family", "linear");
  const options = [
    "--max-examples",
    examples,
    "--seed",
    "42",
    "--request-timeout",
    "20",
    "--checks",
    checks.join(),
  ];
  // A stream of events ends in its own time, which no fuzzer waits for; and it cannot write gzip.
  const left = ["followJob", "putSnapshot"].flatMap((name) => ["--exclude-operation-id", name]);
  const header = ["--header", `Authorization: Bearer ${server.token}`];
  const child = spawn(command, ["run", `${server.origin}/openapi.json`, ...options, ...left, ...header], {
    stdio: "inherit",
  });
  process.exitCode = await new Promise((resume) => child.on("close", (code) => resume(code ?? 1)));
} finally {
  await server.stop();
}
