// `npm run build:kernels`: compiles the AssemblyScript kernels into generated/, which is not committed.
import { buildModule } from "./module.ts";

process.stdout.write(`${buildModule()}\n`);
