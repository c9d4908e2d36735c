// Chromium for the browser tests: the one inside @sparticuz/chromium, unpacked once, so that neither apt nor a download is needed.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

// The package exports no other path than its entry, build/index.js.
const packageFolder = fileURLToPath(new URL("..", import.meta.resolve("@sparticuz/chromium")));
const archives = ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"];

/** The packed fonts.conf names only fixed folders of a cloud function, so that text would be drawn without any font. */
function fontConfiguration(folder: string): string {
  const folders = [join(folder, "fonts", "fonts"), "/usr/share/fonts"].map((path) => `<dir>${path}</dir>`);
  const generic = [
    ["serif", "DejaVu Serif"],
    ["monospace", "DejaVu Sans Mono"],
    ["sans-serif", "Open Sans"],
  ].map(
    ([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
  );
  const cache = `<cachedir>${join(folder, "fonts-cache")}</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join("")}${generic.join("")}${cache}</fontconfig>`;
}

/** The folder that holds the unpacked browser, named by version so that an upgrade unpacks anew. */
async function unpack(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const folder = join(tmpdir(), `appraise-chromium-${version}`);
  if (existsSync(folder)) return folder;
  // inflate() writes into the temp folder and takes any file found there for complete: unpack aside, then rename as one step.
  const aside = await mkdtemp(`${folder}-`);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    await Promise.all(archives.map((archive) => inflate(join(packageFolder, "bin", archive))));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  await writeFile(join(aside, "fonts", "fonts.conf"), fontConfiguration(folder));
  await rename(aside, folder).catch(async (error) => {
    await rm(aside, { recursive: true, force: true });
    // Another test process was faster: its folder is as good.
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** Starts headless Chromium; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpack();
  const libraries = [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: ["--no-sandbox"],
    env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, "fonts") } as Record<
      string,
      string
    >,
  });
}
