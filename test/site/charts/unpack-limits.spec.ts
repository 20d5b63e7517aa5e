import assert from "node:assert/strict";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { readChartContents } from "../../../lib/site/charts/chart-contents.js";
import { createUnpackBudget, unpackChart } from "../../../lib/site/charts/chart-files.js";

const mebi = 1024 * 1024;

/** A tar archive of one folder, files as given. */
function tarOf(files: Record<string, Buffer>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => [
    createHeader(`chart/${name}`, content.length),
    content,
    Buffer.alloc(-content.length & 511),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function createHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        0", 148);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

const chartYaml = (name: string): Buffer => Buffer.from(`name: ${name}\nversion: 1.0.0\n`);

/** A chart in which another one is packed, and so on; the innermost holds `bytes` of zeros. */
function nest(depth: number, bytes: number): Buffer {
  const inner: Record<string, Buffer> =
    depth === 0 ? { "templates/zeros": Buffer.alloc(bytes) } : { "charts/inner.tgz": nest(depth - 1, bytes) };
  return pack(tarOf({ "Chart.yaml": chartYaml(`level-${depth}`), ...inner }));
}

/** At the quickest level: how well a chart was packed is none of what is tested. */
const pack = (content: Buffer): Buffer => gzipSync(content, { level: 1 });

/** One member of gzip that unpacks to `times` MiB of zeros: the same blocks again and again, which is quicker than to pack them all. */
function createBomb(times: number): Buffer {
  const blocks = deflateRawSync(Buffer.alloc(mebi), { finishFlush: constants.Z_FULL_FLUSH });
  const header = gzipSync(Buffer.alloc(0)).subarray(0, 10);
  return Buffer.concat([header, ...Array<Buffer>(times).fill(blocks)]);
}

async function read(packed: Buffer): Promise<unknown> {
  const budget = createUnpackBudget();
  return readChartContents(await unpackChart(packed, budget), budget);
}

describe("what a packed chart may unpack to", () => {
  const tooLarge = { message: `it unpacks to more than ${100 * mebi} bytes` };
  const cases: [title: string, packed: () => Buffer, refused: { message: string } | null][] = [
    ["a chart of 50 MiB", () => nest(0, 50 * mebi), null],
    ["a chart in a chart in a chart", () => nest(2, mebi), null],
    ["a chart of 101 MiB", () => nest(0, 101 * mebi), tooLarge],
    ["a chart of 101 MiB in another", () => nest(1, 101 * mebi), tooLarge],
    [
      "sub-charts of 60 MiB each",
      () =>
        pack(
          tarOf({
            "Chart.yaml": chartYaml("a"),
            "charts/a.tgz": nest(0, 60 * mebi),
            "charts/b.tgz": nest(0, 60 * mebi),
          }),
        ),
      tooLarge,
    ],
    [
      "20,001 empty files",
      () => pack(tarOf(Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`f${at}`, Buffer.alloc(0)])))),
      { message: "it holds more than 20000 files" },
    ],
    ["a chart compressed twice", () => gzipSync(nest(0, 10)), { message: "it is no tar archive" }],
    ["no archive", () => Buffer.from("hello"), { message: "TAR_BAD_ARCHIVE: Unrecognized archive format" }],
  ];
  for (const [title, packed, refused] of cases) {
    it(`${title} is ${refused === null ? "read" : "refused"}`, async () => {
      if (refused === null) await read(packed());
      else await assert.rejects(read(packed()), refused);
    });
  }

  it("a bomb is refused before it is unpacked: memory stays within the budget", async () => {
    const bomb = createBomb(1024);
    assert.ok(bomb.length < 2 * mebi);
    const before = process.memoryUsage();
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1);
    await assert.rejects(read(bomb), tooLarge);
    clearInterval(timer);
    assert.ok(Math.max(most, process.memoryUsage().arrayBuffers) - before.arrayBuffers < 300 * mebi);
  });
});
