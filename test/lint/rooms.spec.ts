import assert from "node:assert/strict";
import { ESLint } from "eslint";
import { findPackageRoot } from "../../lib/base/process/package-root.js";

const order =
  "A room imports only itself and those before it: base · planning · settings · report · site · engine · gates · journal · program · " +
  "acts · driver · policy · cli (docs/architecture.md).";
const evidence =
  "A gate imports another gate only where it judges that gate's evidence; else share through gates/verdict or site.";
const rehearsal = "Only the command line and tests import the rehearsal.";
const product = "The rehearsal knows nothing of the command line.";
const byName = "The rehearsal is imported by relative path, from the command line and tests.";
const pulumi = "Pulumi is spoken to in index.ts, program/stack, engine, policy and the rehearsal's engine only.";
const pure = "This code is pure: what it reads is passed in.";

interface Planted {
  title: string;
  file: string;
  text: string;
  message: string;
  /** The same purpose where it is allowed. */
  twin: { file?: string; text?: string };
}

const imports = (from: string): string => `import * as planted from "${from}";\nexport { planted };\n`;

const cases: Planted[] = [
  {
    title: "an upward import",
    file: "lib/planning/version/planted.ts",
    text: imports("../../site/types.js"),
    message: order,
    twin: { text: imports("../../base/errors/errors.js") },
  },
  {
    title: "an upward import of a type",
    file: "lib/gates/verdict/planted.ts",
    text: 'export type { Plan } from "../../program/step/step.js";\n',
    message: order,
    twin: { text: 'export type { Plan } from "../../planning/plan/types.js";\n' },
  },
  {
    title: "an import from the same floor",
    file: "lib/driver/planted.ts",
    text: imports("../acts/types.js"),
    message: order,
    twin: { file: "lib/cli/planted.ts" },
  },
  {
    title: "a circle",
    file: "lib/base/errors/errors.ts",
    text: imports("./refusal.js"),
    message: "Dependency cycle detected",
    twin: { file: "lib/base/errors/planted.ts" },
  },
  {
    title: "Pulumi outside its places",
    file: "lib/program/step/planted.ts",
    text: imports("@pulumi/pulumi"),
    message: pulumi,
    twin: { file: "lib/program/stack/planted.ts" },
  },
  {
    title: "Pulumi in the rehearsal's site",
    file: "packages/rehearsal/lib/site/planted.ts",
    text: imports("@pulumi/pulumi"),
    message: pulumi,
    twin: { file: "packages/rehearsal/lib/engine/planted.ts" },
  },
  {
    title: "a gate that imports another",
    file: "lib/gates/window/planted.ts",
    text: imports("../rollout/judge.js"),
    message: evidence,
    twin: { file: "lib/gates/pcg-readiness/planted.ts" },
  },
  {
    title: "the product importing the rehearsal",
    file: "lib/site/planted.ts",
    text: imports("../../packages/rehearsal/lib/types.js"),
    message: rehearsal,
    twin: { file: "lib/cli/rehearse/planted.ts", text: imports("../../../packages/rehearsal/lib/types.js") },
  },
  {
    title: "the rehearsal importing the command line",
    file: "packages/rehearsal/lib/planted.ts",
    text: imports("../../../lib/cli/result.js"),
    message: product,
    twin: { text: imports("../../../lib/driver/drive.js") },
  },
  {
    title: "the rehearsal by its package's name",
    file: "lib/cli/rehearse/planted.ts",
    text: imports("@palette-upgrade/rehearsal/lib/types.js"),
    message: byName,
    twin: { text: imports("../../../packages/rehearsal/lib/types.js") },
  },
  ...["node:fs", "fs", "node:child_process", "node:net", "node:timers/promises", "undici"].map((name) => ({
    title: `planning importing ${name}`,
    file: "lib/planning/plan/planted.ts",
    text: imports(name),
    message: pure,
    twin: { text: imports("node:crypto") },
  })),
  {
    title: "a judge importing node:fs",
    file: "lib/gates/backup/judge.ts",
    text: imports("node:fs"),
    message: pure,
    twin: { file: "lib/gates/backup/planted.ts" },
  },
  {
    title: "a rule of the MongoDB gate importing node:fs",
    file: "lib/gates/mongo-replica-set/rules/planted.ts",
    text: imports("node:fs"),
    message: pure,
    twin: { file: "lib/gates/mongo-replica-set/probe/planted.ts" },
  },
  {
    title: "a report importing node:fs",
    file: "lib/report/planted.ts",
    text: imports("node:fs"),
    message: pure,
    twin: { file: "lib/journal/planted.ts" },
  },
  {
    title: "planning importing Pulumi",
    file: "lib/planning/plan/planted.ts",
    text: imports("@pulumi/pulumi"),
    message: pure,
    twin: { file: "lib/engine/planted.ts" },
  },
  ...[
    "process.env",
    'fetch("https://palette.example.com")',
    "setTimeout(() => 1, 1)",
    "Date.now()",
    "Math.random()",
  ].map((expression) => ({
    title: `a judge that uses ${expression}`,
    file: "lib/gates/backup/judge-planted.ts",
    text: `export const planted = (): unknown => ${expression};\n`,
    message: pure,
    twin: { file: "lib/gates/backup/planted.ts" },
  })),
];

describe("the lint rules of the rooms", function () {
  this.timeout(120_000);
  const eslint = new ESLint({ cwd: findPackageRoot(), overrideConfigFile: "test/lint/rooms-only.config.mjs" });

  async function lint(file: string, text: string): Promise<string[]> {
    const [result] = await eslint.lintText(text, { filePath: file });
    return result!.messages.map(({ message }) => message);
  }

  for (const { title, file, text, message, twin } of cases) {
    it(`${title}: refused, and its twin passes`, async () => {
      const messages = await lint(file, text);
      assert.equal(messages.length, 1, messages.join("\n"));
      assert.ok(messages[0]!.endsWith(message), messages[0]);
      assert.deepEqual(await lint(twin.file ?? file, twin.text ?? text), []);
    });
  }
});
