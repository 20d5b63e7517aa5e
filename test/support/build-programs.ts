// Builds with Go what the longer suites need and nobody gave: `npm run build:programs`. CI starts it beside the shorter suites.
import { findTools } from "../cluster/support/find-tools.js";
import { toolNames } from "../cluster/support/tool-names.js";
import { findEngineTools } from "../engine-tools/find-engine-tools.js";
import { putPulumiOnPath } from "./pulumi-folders.js";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

putPulumiOnPath(process.env);
const found = [findEngineTools(process.env, say), findTools(toolNames, process.env, say)];
for (const answer of found) if (!answer.ok) say(answer.why);
process.exitCode = found.every(({ ok }) => ok) ? 0 : 1;
