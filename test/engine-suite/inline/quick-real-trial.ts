import { spawn } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { startPlugin } from "../../engine-tools/support/start-plugin.js";
import { readEvents, readState, type StoredDeployment } from "../support/real-trial.js";
import { secretWord, type Observed, type ObservedResource, type Trial, type Turn } from "../support/trial.js";
import { createWorkplace } from "../support/workplace.js";
import { serveDataKeys } from "./data-key-service.js";
import { serveLanguage } from "./language-server.js";

const stack = "dev";

/** A real engine for many episodes: language, provider and keys are served once, and each run is one `pulumi`. */
export interface QuickRealTrial extends Trial {
  /** Begins a new, empty stack. */
  reset(): void;
}

export async function startQuickRealTrial(project: string): Promise<QuickRealTrial> {
  const workplace = createWorkplace(project);
  const keys = await serveDataKeys();
  const language = await serveLanguage(workplace.program);
  process.env.LOG = workplace.logFile;
  const plugin = await startPlugin("command-plugin");
  const environment = {
    ...process.env,
    ...keys.environment,
    PULUMI_BACKEND_URL: `file://${join(workplace.folder, "backend")}`,
    PULUMI_HOME: join(workplace.folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_DEBUG_PROVIDERS: `command:${plugin.address.split(":")[1]}`,
  };
  const pulumi = (words: readonly string[]): Promise<{ code: number | null; text: string }> =>
    runPulumi(words, workplace.program, environment);
  const made = await pulumi(["stack", "init", stack, "--secrets-provider", "hashivault://test", "--non-interactive"]);
  if (made.code !== 0) throw new Error(`pulumi stack init ended with ${made.code}:\n${made.text}`);
  const settingsFile = join(workplace.program, `Pulumi.${stack}.yaml`);
  const settings = readFileSync(settingsFile, "utf8");
  const stateFile = join(workplace.folder, "backend", ".pulumi", "stacks", project, `${stack}.json`);
  const emptyState = join(workplace.folder, "empty.json");
  copyFileSync(stateFile, emptyState);
  const eventFile = join(workplace.folder, "events");

  const run = async (turn: Turn): Promise<Observed> => {
    workplace.clearLog();
    rmSync(eventFile, { force: true });
    const values = Object.entries({ log: workplace.logFile, ...turn.config });
    const lines = values.map(([key, value]) => `  ${project}:${key}: ${JSON.stringify(value)}\n`);
    writeFileSync(settingsFile, `${settings}config:\n${lines.join("")}`);
    const { code, text } = await pulumi([
      ...(turn.what === "up" ? ["up", "--yes", "--skip-preview"] : ["preview"]),
      ...["--non-interactive", "--stack", stack, "--parallel", "16"],
      ...[`--client=${language.address}`, "--exec-kind", "auto.inline", "--event-log", eventFile],
    ]);
    const state = readState({ deployment: readLatest(stateFile) });
    const observed = readEvents(readEventFile(eventFile, text), turn.what);
    if (code !== 0 && observed.errors.length === 0)
      throw new Error(`pulumi ended with ${code} and reported no error:\n${text}`);
    return { ok: code === 0, ...observed, log: workplace.log(), state, outputs: selectOutputs(state) };
  };
  return {
    run,
    reset: () => copyFileSync(emptyState, stateFile),
    dispose: () => {
      plugin.stop();
      language.close();
      keys.close();
      workplace.dispose();
    },
  };
}

function runPulumi(
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; text: string }> {
  const child = spawn("pulumi", words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

function readLatest(stateFile: string): StoredDeployment {
  const { checkpoint } = JSON.parse(readFileSync(stateFile, "utf8")) as { checkpoint: { latest: StoredDeployment } };
  return checkpoint.latest;
}

/** @throws Error with what `pulumi` printed where it wrote no events. */
function readEventFile(file: string, printed: string): EngineEvent[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as EngineEvent);
  } catch (error) {
    throw new Error(`pulumi wrote no events; it printed:\n${printed}`, { cause: error });
  }
}

function selectOutputs(state: readonly ObservedResource[]): Record<string, unknown> {
  const outputs = state.find(({ urn }) => urn.includes("::pulumi:pulumi:Stack::"))?.outputs ?? {};
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !JSON.stringify(value).includes(secretWord)));
}
