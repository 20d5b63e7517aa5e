import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** Lists the lines that speak of the simulator, as `file:line`. */
function findMentions(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  assert.ok(files.length > 0);
  return files.flatMap((name) =>
    readFileSync(join(root, folder, name), "utf8")
      .split("\n")
      .flatMap((line, index) => (/rehears|simulat/i.test(line) ? [`${folder}/${name}:${index + 1}`] : [])),
  );
}

describe("production clients know nothing of the simulator", () => {
  for (const folder of ["lib/base", "lib/planning", "lib/site", "lib/engine", "lib/gates"]) {
    it(folder, () => assert.deepEqual(findMentions(folder), []));
  }

  it("the folder that does is found (negative twin)", () => {
    assert.ok(findMentions("lib/program/rehearsal").length > 0);
  });
});
