// Types of the rows of data/ and of the plan, from data/schemas.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";
import { ruleFiles } from "../../lib/planning/rules/check-rules.js";

const banner = "/** Generated from data/schemas by `npm run generate`: change the schemas, not this file. */";

export async function generateTypes(root) {
  const folder = join(root, "data/schemas");
  const plan = JSON.parse(readFileSync(join(folder, "plan.schema.json"), "utf8"));
  // The conditions between its properties are for checks: no type says them.
  const { allOf: _conditions, ...shape } = plan;
  const files = Object.fromEntries(
    ruleFiles.map((name) => [name, { $ref: `${name}.schema.json#/properties/rows/items` }]),
  );
  const rows = { title: "RowsByFile", type: "object", properties: files, required: [...ruleFiles] };
  return [
    { file: "data/schemas/rows.d.ts", text: await toTypes(rows, folder) },
    { file: "data/schemas/plan.d.ts", text: await toTypes({ ...shape, title: "Plan" }, folder) },
  ];
}

async function toTypes(schema, cwd) {
  const text = await compile(schema, schema.title, {
    cwd,
    additionalProperties: false,
    bannerComment: banner,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  return shortenComments(text);
}

/** One line for a comment of one sentence, and none for what only a check needs. */
function shortenComments(text) {
  return text
    .replace(/\n \*\n \* @minItems \d+|\n \* @minItems \d+/g, "")
    .replace(/\/\*\*\n \*\/\n/g, "")
    .replace(/\/\*\*\n \* (.*)\n \*\//g, "/** $1 */");
}
