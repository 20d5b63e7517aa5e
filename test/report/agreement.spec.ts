import { Ajv } from "ajv";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadShippedMatrices } from "../../lib/planning/matrix/load.js";
import { listEdges, listVersions } from "../../lib/planning/matrix/lookup.js";
import { findPackageRoot } from "../../lib/base/process/package-root.js";
import { planRoute } from "../../lib/planning/plan/plan.js";
import { type Plan } from "../../lib/planning/plan/types.js";
import { markdownLimit, renderMarkdown } from "../../lib/report/markdown.js";
import { renderMermaid } from "../../lib/report/mermaid.js";
import { getPlanExitCode, renderJson } from "../../lib/report/render.js";
import { renderText } from "../../lib/report/text.js";

const schemaFile = join(findPackageRoot(), "data", "schemas", "plan.schema.json");
const ajv = new Ajv({ allErrors: true });
const fitsSchema = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);

/** What a reader of each form would say the plan is. */
const outcomes: Record<Plan["outcome"], { headline: RegExp; exitCode: number }> = {
  route: { headline: /: \d+ hops?$/, exitCode: 0 },
  "none-needed": { headline: /: nothing to do, it is what was asked for$/, exitCode: 0 },
  refused: { headline: /: refused$/, exitCode: 3 },
};

function check(plan: Plan): void {
  const title = `${plan.matrix.id} ${plan.from} -> ${plan.to}`;
  const text = renderText(plan, { colour: false, width: 1_000_000 });
  const json = JSON.parse(renderJson(plan)) as Plan;
  assert.ok(fitsSchema(json), `${title}: ${ajv.errorsText(fitsSchema.errors)}`);
  const headline = text.split("\n")[0]!;
  assert.match(headline, outcomes[json.outcome].headline, title);
  assert.equal(getPlanExitCode(plan), outcomes[json.outcome].exitCode, title);
  const shown = [...text.matchAll(/^ *\d+ {2}(\S+) -> (\S+) {2}/gm)].map(([, from, to]) => [from, to]);
  assert.deepEqual(
    shown,
    json.hops.map((hop) => [hop.from, hop.to]),
    title,
  );
  for (const { code, message } of json.warnings) assert.ok(text.includes(`${code} `) && text.includes(message), title);
  if (json.refusal !== null) assert.ok(text.includes(`${json.refusal.code}  ${json.refusal.message}`), title);
  const markdown = renderMarkdown(plan);
  assert.ok(markdown.length < markdownLimit, title);
  assert.ok(markdown.startsWith(`### ${headline.replace("->", "→")}`), title);
  assert.equal((renderMermaid(plan).match(/ -->\|/g) ?? []).length, json.hops.length, title);
}

describe("report: text, JSON, Markdown, Mermaid and exit code agree", () => {
  for (const matrix of loadShippedMatrices()) {
    it(`on every route to and from the ends of ${matrix.id}`, () => {
      const listed = listVersions(matrix);
      const ends = [
        listed[0]!,
        listed.at(-1)!,
        ...listed.filter((version) => listEdges(matrix).from(version).length === 0),
      ];
      const pairs = listed.flatMap((version) => [
        [version, ends[1]!],
        [version, ends[2] ?? ends[1]!],
        [ends[0]!, version],
      ]);
      for (const [from, to] of pairs) check(planRoute({ from: from!, to: to!, matrix, today: "2026-11-21" }));
    });
  }

  it("warnings count for the exit code only where asked for, and never over a refusal", () => {
    const matrix = loadShippedMatrices().find(({ id }) => id === "palette-kubernetes-4.7.20")!;
    const plan = (from: string, to: string): Plan => planRoute({ from, to, matrix, today: "2026-11-21" });
    assert.deepEqual(
      [getPlanExitCode(plan("4.1.12", "4.7.20")), getPlanExitCode(plan("4.1.12", "4.7.20"), true)],
      [0, 4],
    );
    assert.deepEqual(
      [getPlanExitCode(plan("4.2.13", "4.3.6")), getPlanExitCode(plan("4.2.13", "4.3.6"), true)],
      [0, 0],
    );
    assert.deepEqual(
      [getPlanExitCode(plan("4.6.43", "4.7.20")), getPlanExitCode(plan("4.6.43", "4.7.20"), true)],
      [3, 3],
    );
  });
});
