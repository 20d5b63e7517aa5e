import assert from "node:assert/strict";
import { loadShippedMatrices } from "../../lib/planning/matrix/load.js";
import { listEdges } from "../../lib/planning/matrix/lookup.js";
import { computeReachability } from "../../lib/planning/plan/search/reachability.js";
import { createMatrixPicture, type MatrixPicture } from "../../lib/report/matrix-picture.js";
import { renderMatrixSvg } from "../../lib/report/matrix-svg.js";
import { matrixOf } from "../planning/plan/synthetic-matrix.js";

const standings = (picture: MatrixPicture): Record<string, string> =>
  Object.fromEntries(picture.columns.flatMap(({ nodes }) => nodes.map((node) => [node.version, node.standing])));

/** Rectangles of releases in the SVG: version, x, y. */
function boxesOf(svg: string): { version: string; x: number; y: number }[] {
  const boxes = svg.matchAll(/<g><title>([\d.]+): [^<]*<\/title><rect x="([\d.]+)" y="([\d.]+)"/g);
  return [...boxes].map(([, version, x, y]) => ({ version: version!, x: Number(x), y: Number(y) }));
}

describe("the picture of a matrix", () => {
  const small = matrixOf(
    "1.0.0 > 1.0.1 1.1.0\n1.0.1 > 1.1.0\n1.0.2 > 1.0.3\n1.1.0 > 1.1.1\n1.1.2 > 1.2.0\n1.0.0 x 1.2.0",
  );

  it("tells what each release is worth", () => {
    assert.deepEqual(standings(createMatrixPicture(small)), {
      "1.0.0": "stranded",
      "1.0.1": "stranded",
      "1.0.2": "dead-end",
      "1.0.3": "dead-end",
      "1.1.0": "dead-end",
      "1.1.1": "dead-end",
      "1.1.2": "leads-on",
      "1.2.0": "newest",
    });
  });

  it("leaves out a row that shorter hops imply, unless the route goes along it", () => {
    const drawn = (route: string[]): string[] =>
      createMatrixPicture(small, route).edges.map(({ from, to }) => `${from} ${to}`);
    assert.ok(!drawn([]).includes("1.0.0 1.1.0"));
    assert.equal(createMatrixPicture(small).implied, 1);
    assert.ok(drawn(["1.0.0", "1.1.0"]).includes("1.0.0 1.1.0"));
  });

  it("marks the hops and stops of the route, and no others", () => {
    const picture = createMatrixPicture(small, ["1.0.0", "1.0.1", "1.1.0"]);
    assert.deepEqual(
      picture.edges.filter(({ chosen }) => chosen).map(({ from, to }) => `${from} ${to}`),
      ["1.0.0 1.0.1", "1.0.1 1.1.0"],
    );
    const stops = picture.columns.flatMap(({ nodes }) =>
      nodes.flatMap(({ version, stop }) => (stop === null ? [] : [version])),
    );
    assert.deepEqual(stops, ["1.0.0", "1.0.1", "1.1.0"]);
  });

  for (const matrix of loadShippedMatrices()) {
    const picture = createMatrixPicture(matrix);
    it(`${matrix.id}: what is drawn reaches exactly what the rows reach`, () => {
      const all = computeReachability(matrix);
      const rows = picture.edges.map(({ from, to }) => ({
        from,
        to,
        mark: "supported" as const,
        section: "",
        line: null,
      }));
      const drawn = computeReachability({ ...matrix, rows });
      for (const from of all.versions) assert.deepEqual(drawn.from(from), all.from(from), from);
      const supported = all.versions.reduce((sum, version) => sum + listEdges(matrix).from(version).length, 0);
      assert.equal(picture.edges.length + picture.implied, supported);
    });

    it(`${matrix.id}: every release has a place of its own inside the picture, columns go up in minor, rows in patch`, () => {
      const svg = renderMatrixSvg(picture, matrix.id, ["A caption."]);
      assert.equal(renderMatrixSvg(createMatrixPicture({ ...matrix }), matrix.id, ["A caption."]), svg);
      const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
      const boxes = boxesOf(svg);
      assert.deepEqual(
        boxes.map(({ version }) => version),
        [...computeReachability(matrix).versions],
      );
      assert.equal(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size, boxes.length);
      boxes.slice(1).forEach(({ x, y }, index) => {
        const before = boxes[index]!;
        assert.ok(x > before.x || (x === before.x && y >= before.y + 30), boxes[index + 1]!.version);
        assert.ok(x + 62 <= width! && y + 22 <= height!);
      });
      assert.ok(width! <= 2000 && height! <= 1200, `${width} x ${height}`);
    });
  }

  it("words of the data open no tag", () => {
    const svg = renderMatrixSvg(createMatrixPicture(small), `<b>"x" & y`, ["</svg>"]);
    assert.match(svg, /&lt;b&gt;&quot;x&quot; &amp; y/);
    assert.equal(svg.match(/<\/svg>/g)?.length, 1);
  });
});
