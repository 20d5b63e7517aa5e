// Writes the files that are generated from the one source of a thing: `npm run generate`. `npm test` fails where one is not
// up to date (`--check`). Each generator below returns its files as text, unformatted.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { generateSettings } from "./generate/settings.mjs";
import { generateTypes } from "./generate/types.mjs";

const root = join(import.meta.dirname, "..");

const generators = [generateSettings, generateTypes];

/** Lists every generated file, formatted: what it holds, and what it should hold. */
async function listGenerated() {
  const files = (await Promise.all(generators.map((generate) => generate(root)))).flat();
  return Promise.all(
    files.map(async ({ file, text }) => {
      const path = join(root, file);
      const expected = await format(text, { ...(await resolveConfig(path)), filepath: path });
      return { file, expected, actual: readOrNull(path) };
    }),
  );
}

function readOrNull(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const check = process.argv.includes("--check");
for (const { file, expected, actual } of await listGenerated()) {
  let state = "up to date";
  if (expected !== actual && check) {
    state = "not up to date, run npm run generate";
    process.exitCode = 1;
  } else if (expected !== actual) {
    state = "written";
    writeFileSync(join(root, file), expected);
  }
  process.stdout.write(`${file}: ${state}\n`);
}
