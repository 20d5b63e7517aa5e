import assert from "node:assert/strict";

interface GeneratedFile {
  file: string;
  expected: string;
  actual: string | null;
}

/** No declarations go with the scripts, so its name is no literal here. */
const script: string = "../../scripts/generate.mjs";

describe("npm run generate", () => {
  it("every generated file is up to date", async () => {
    const { listGenerated } = (await import(script)) as {
      listGenerated: () => Promise<GeneratedFile[]>;
    };
    const files = await listGenerated();
    assert.ok(files.some(({ file }) => file === "data/schemas/rows.d.ts"));
    for (const { file, expected, actual } of files) assert.equal(actual, expected, `${file}: run "npm run generate"`);
  }).timeout(30_000);
});
