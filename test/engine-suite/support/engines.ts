import { isSupportedEngine, oldestEngine, readEngineVersion } from "../../engine-tools/engine-version.js";
import { findProgram } from "../../support/find-program.js";
import { putPulumiOnPath } from "../../support/pulumi-folders.js";
import { type EngineName } from "./program-rig.js";

const languagePlugins = ["pulumi-language-nodejs", "pulumi-resource-command"];
const plugins = [...languagePlugins, "pulumi-resource-kubernetes"];

const engineNames: readonly EngineName[] = ["embedded", "pulumi"];

/** Selects the engines of a run: `PALETTE_ENGINES` names one of them, else both are asked for. @throws Error on another name. */
export function listEngines(environment: NodeJS.ProcessEnv = process.env): EngineName[] {
  const asked = environment.PALETTE_ENGINES;
  if (asked === undefined) return [...engineNames];
  const engines = engineNames.filter((name) => name === asked);
  if (engines.length === 0)
    throw new Error(
      `PALETTE_ENGINES is ${JSON.stringify(asked)}, expected ${engineNames.join(" or ")}, or unset for both`,
    );
  return engines;
}

const isRealEngineAsked = listEngines().includes("pulumi");

/** `describe` for suites of the real engine alone; in a run that does not ask for it they are not declared. */
export function describeOnRealEngine(title: string, body: (this: Mocha.Suite) => void): void {
  if (isRealEngineAsked) describe(title, body);
}

/** `it`, likewise. */
export function itOnRealEngine(title: string, body: Mocha.AsyncFunc): void {
  if (isRealEngineAsked) it(title, body);
}

const explained = new Map<string, string | null>();

/** Skips the calling suite, saying once why, where its engine is the real one and cannot be had. */
export function skipWithoutEngine(suite: Mocha.Context, engine: EngineName, needed = plugins): void {
  if (engine === "embedded") return;
  const key = needed.join(" ");
  if (!explained.has(key)) {
    explained.set(key, explainMissingEngine(needed));
    if (explained.get(key) !== null) process.stdout.write(`      skipped: ${explained.get(key)}\n`);
  }
  if (explained.get(key) !== null) suite.skip();
}

/** As `skipWithoutEngine`, for programs that use no plugin of Kubernetes. */
export function skipWithoutLanguageEngine(suite: Mocha.Context): void {
  skipWithoutEngine(suite, "pulumi", languagePlugins);
}

/** Says why the real engine cannot be used here; null where it can. */
function explainMissingEngine(needed: readonly string[]): string | null {
  putPulumiOnPath(process.env);
  const missing = ["pulumi", ...needed].filter((name) => findProgram(name, [], process.env) === null);
  if (missing.length > 0) return `the real engine half needs ${missing.join(", ")} on PATH or in PULUMI_HOME`;
  if (isSupportedEngine("pulumi", process.env)) return null;
  const version = readEngineVersion("pulumi", process.env) ?? "one that tells no version";
  return `the real engine half needs pulumi ${oldestEngine} or newer, not ${version}`;
}
