import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { verifyChain } from "../../lib/journal/chain.js";
import { openFolderStore } from "../../lib/journal/folder-store.js";
import { createJournal } from "../../lib/journal/journal.js";
import { context, note } from "./entries.js";
import { folderOfTest } from "./folder-of-test.js";

const folder = folderOfTest();

describe("journal chain", () => {
  async function written(): Promise<string[]> {
    const journal = createJournal(openFolderStore(folder.path("chain"), "prod"), context());
    for (const word of ["one", "two\u001b\ufffd", "three"]) await journal.append(note(word));
    return readFileSync(folder.path("chain/prod.jsonl"), "utf8").trimEnd().split("\n");
  }

  const cases: { title: string; change: (lines: string[]) => string[]; line: number; message: RegExp }[] = [
    {
      title: "a changed word",
      change: ([a, b, c]) => [a!, b!.replace("two", "2"), c!],
      line: 2,
      message: /was changed/,
    },
    { title: "a line taken out", change: ([a, , c]) => [a!, c!], line: 2, message: /its number is 3, expected 2/ },
    { title: "the first line taken out", change: ([, b, c]) => [b!, c!], line: 1, message: /expected 1/ },
    { title: "lines changed places", change: ([a, b, c]) => [a!, c!, b!], line: 2, message: /its number is 3/ },
    { title: "a line twice", change: ([a, b, c]) => [a!, b!, b!, c!], line: 3, message: /its number is 2, expected 3/ },
    {
      title: "a letter of an escape written as a capital",
      change: ([a, b, c]) => [a!, b!.replace("\\u001b", "\\u001B"), c!],
      line: 2,
      message: /was changed/,
    },
    {
      title: "a value that a later one of the same key hides",
      change: ([a, b, c]) => [a!, b!.replace("{", '{"actor":{"user":"eve"},'), c!],
      line: 2,
      message: /was changed/,
    },
    { title: "text that is no JSON", change: ([a]) => [a!, "hello"], line: 2, message: /it is no entry/ },
  ];
  for (const { title, change, line, message } of cases) {
    it(`${title} is found`, async () => {
      const lines = await written();
      assert.notDeepEqual(change(lines), lines);
      assert.equal(verifyChain(lines).fault, null);
      const { fault } = verifyChain(change(lines));
      assert.equal(fault?.line, line);
      assert.match(fault.message, message);
    });
  }

  it("bytes that are no UTF-8 are found where decoded they read as what stood there", async () => {
    await written();
    const file = folder.path("chain/prod.jsonl");
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.from("\ufffd"));
    bytes[at] = 0xf0;
    assert.deepEqual(bytes.toString("utf8"), readFileSync(file, "utf8"));
    writeFileSync(file, bytes);
    assert.equal(verifyChain(await openFolderStore(folder.path("chain"), "prod").read()).fault?.line, 2);
  });
});
