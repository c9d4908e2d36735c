// Entry of a training thread: joins the fit that it is sent, works until dismissed, waits for the next.
import { parentPort } from "node:worker_threads";
import { Engine } from "../growth/engine.ts";
import { control } from "../kernels/layout.ts";
import { plainKernels } from "../kernels/plain.ts";
import { Views } from "../kernels/views.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import type { Assignment } from "./assignment.ts";
import { awaitChange, controlWords, workOff } from "./team.ts";

function join({ memory, plan, thread, module, objective, bins }: Assignment): void {
  const kernels = module ? wasmKernels(module)(memory, plan, thread) : plainKernels(memory, plan);
  const engine = new Engine(new Views(memory, plan), kernels, objective, bins);
  const words = controlWords(engine);
  for (;;) {
    const seen = Atomics.load(words, control.limit);
    if (Atomics.load(words, control.stop) === 1) return;
    workOff(engine, words);
    awaitChange(words, control.limit, seen);
  }
}

parentPort?.on("message", join);
