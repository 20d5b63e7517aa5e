import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checksumsFile } from "../../../lib/planning/matrix/checksums.js";
import {
  compareIds,
  findNearestIds,
  getShippedFolder,
  listShippedIds,
  loadMatrix,
  loadNewestShipped,
  loadShippedMatrices,
} from "../../../lib/planning/matrix/load.js";
import { smallMatrix } from "./matrix-texts.js";
import { inFolder } from "./temporary-folder.js";

const id = "palette-kubernetes-4.7.20";

/** A folder of shipped matrices with one matrix, spoilt by `change`. */
function withShipped(change: (folder: string) => void, run: (folder: string) => void): void {
  inFolder((folder) => {
    cpSync(join(getShippedFolder(), `${id}.json`), join(folder, `${id}.json`));
    cpSync(join(getShippedFolder(), checksumsFile), join(folder, checksumsFile));
    change(folder);
    run(folder);
  });
}

describe("loadMatrix: by id", () => {
  it("a shipped one, proved against its checksum", () => {
    const matrix = loadMatrix(id);

    assert.equal(matrix.id, id);
    assert.equal(matrix.source.commit, "fcaedb10d95dba0548469234457a14267deffe0c");
    assert.equal(matrix.readOn, "2026-11-21");
    assert.ok(readFileSync(join(getShippedFolder(), checksumsFile), "utf8").includes(`${matrix.sha256}  ${id}.json`));
  });

  it("an unknown id names the nearest", () => {
    assert.throws(() => loadMatrix("palette-kubernetes-4.7.21"), {
      code: "MATRIX_UNKNOWN",
      message: 'There is no shipped matrix "palette-kubernetes-4.7.21".',
      next: /^Did you mean palette-kubernetes-4\.\d\.2[01], /,
    });
  });

  it("a changed file is refused", () => {
    const change = (folder: string): void => {
      const file = join(folder, `${id}.json`);
      writeFileSync(file, readFileSync(file, "utf8").replace('"unsupported"', '"supported"'));
    };
    withShipped(change, (folder) => {
      assert.throws(() => loadMatrix(id, folder), {
        code: "MATRIX_CHECKSUM",
        message: `The shipped matrix ${id} differs from SHA256SUMS.`,
      });
    });
  });

  it("a file without a checksum is refused", () => {
    withShipped(
      (folder) => writeFileSync(join(folder, checksumsFile), ""),
      (folder) => {
        assert.throws(() => loadMatrix(id, folder), {
          message: `The shipped matrix ${id} is not listed in SHA256SUMS.`,
        });
      },
    );
  });

  it("negative twin: an unchanged copy is loaded", () => {
    withShipped(
      () => undefined,
      (folder) => assert.deepEqual(loadMatrix(id, folder), loadMatrix(id)),
    );
  });
});

describe("loadMatrix: by path", () => {
  const write = (folder: string, text: string): string => {
    const file = join(folder, "mine.json");
    writeFileSync(file, text);
    return file;
  };

  it("a file of the user's bears its path as id and needs no checksum", () => {
    inFolder((folder) => {
      const file = write(folder, JSON.stringify(smallMatrix()));

      assert.equal(loadMatrix(file).id, file);
      assert.equal(loadMatrix(file).rows.length, 3);
    });
  });

  it("a missing file names shipped ids", () => {
    assert.throws(() => loadMatrix("./palette-kubernetes-4.7.20.json"), {
      code: "MATRIX_FILE_MISSING",
      exitCode: 2,
      message: "There is no matrix file ./palette-kubernetes-4.7.20.json.",
      next: /such as palette-kubernetes-4\.7\.20, /,
    });
  });

  it("a folder cannot be read", () => {
    inFolder((folder) => {
      mkdirSync(join(folder, "a.json"));
      assert.throws(() => loadMatrix(join(folder, "a.json")), { code: "MATRIX_UNREADABLE", exitCode: 2 });
    });
  });

  for (const [what, text, code] of [
    ["text", "a page", "MATRIX_NOT_JSON"],
    ["a cut file", JSON.stringify(smallMatrix()).slice(0, 300), "MATRIX_NOT_JSON"],
    ["bytes", "\0\u0001", "MATRIX_NOT_JSON"],
    ["nothing", "", "MATRIX_NOT_JSON"],
    ["another object", "{}", "MATRIX_INVALID"],
  ] as const) {
    it(`${what}: ${code}, naming the file`, () => {
      inFolder((folder) => {
        const file = write(folder, text);

        assert.throws(
          () => loadMatrix(file),
          (error) => error instanceof Error && "code" in error && error.code === code && error.message.startsWith(file),
        );
      });
    });
  }
});

describe("the shipped matrices as a whole", () => {
  it("are all loaded in the order of their ids", () => {
    assert.deepEqual(
      loadShippedMatrices().map((matrix) => matrix.id),
      listShippedIds(),
    );
  });

  it("loadNewestShipped is the newest of its edition and method, or nothing", () => {
    assert.equal(loadNewestShipped("palette", "vmware")?.id, "palette-vmware-4.9.51");
    assert.equal(loadNewestShipped("vertex", "kubernetes")?.id, "vertex-kubernetes-4.9.51");
    withShipped(
      () => undefined,
      (folder) => assert.equal(loadNewestShipped("vertex", "kubernetes", folder), undefined),
    );
  });

  it("compareIds orders by edition, method and version as a number", () => {
    const sorted = [
      "palette-kubernetes-4.9.51",
      "palette-kubernetes-4.10.3",
      "palette-vmware-4.7.20",
      "palette-appliance-4.8.22",
      "vertex-kubernetes-4.7.20",
    ];

    assert.deepEqual([...sorted].reverse().sort(compareIds), sorted);
  });

  it("findNearestIds is by letters changed, ties in their order", () => {
    assert.deepEqual(
      findNearestIds("palete-vmware-4.8.21", ["b", "palette-vmware-4.8.21", "palette-vmware-4.9.22"], 2),
      ["palette-vmware-4.8.21", "palette-vmware-4.9.22"],
    );
  });
});
