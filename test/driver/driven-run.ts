import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";
import { describeEvent } from "../../lib/journal/entry-words.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { type Engine, type EngineEvent, type EngineRun, type EngineStep } from "../../lib/engine/engine.js";
import { runUp, type UpContext, type UpRequest } from "../../lib/driver/up.js";
import { type UpResult } from "../../lib/driver/up-result.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { createRecorder } from "../journal/recorder.js";
import { routePlan } from "../report/hand-built.js";
import { stackAccess } from "./stack-access.js";

const hubble: EngineStep = {
  urn: "urn::hubble",
  type: "kubernetes:helm.sh/v3:Release",
  name: "hubble",
  operation: "update",
  diffKeys: [],
};

export const moves: EngineEvent[] = [
  { kind: "step-started", step: hubble },
  { kind: "step-done", step: hubble, seconds: 1 },
];

const plan = routePlan(["4.6.41", "4.7.20"]);

export function road(): PreviewReport {
  return {
    ...createEmptyPreview("prod"),
    step: { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true },
    plan,
    hop: plan.hops[0]!,
    releases: [{ role: "hubble", name: "hubble", namespace: "default", from: "4.6.41", to: "4.7.20", sha256: "ab" }],
  };
}

function run(over: Partial<EngineRun> = {}): EngineRun {
  const steps = [{ ...hubble, outcome: "planned" as const }];
  return { ok: true, interrupted: false, steps, diagnostics: [], outputs: {}, ...over };
}

export function errors(message: string): Partial<EngineRun> {
  return { ok: false, diagnostics: [{ kind: "diagnostic", severity: "error", urn: null, message }] };
}

export interface Scene {
  ready?: () => Promise<void>;
  answer?: "confirmed" | "declined";
  preview?: Partial<EngineRun>;
  report?: PreviewReport | null;
  /** What the update tells; the next preview shows nothing to do. */
  up?: { events?: EngineEvent[]; run: Partial<EngineRun> };
  request?: Partial<UpRequest>;
  outputs?: () => Promise<Record<string, unknown>>;
  journal?: Partial<OpenJournal>;
}

/** One run of the driver on an engine that only plays what it is told. */
export async function drive(scene: Scene): Promise<{ result: UpResult; ended: string[]; events: JournalEvent[] }> {
  const { events, journal } = createRecorder();
  let made = false;
  const engine: Partial<Engine> = {
    preview: () => Promise.resolve(made ? run({ steps: [] }) : run(scene.preview)),
    up: ({ onEvent } = {}) => {
      made = true;
      scene.up?.events?.forEach((event) => onEvent?.(event));
      return Promise.resolve(run(scene.up?.run));
    },
    outputs: scene.outputs ?? (() => Promise.resolve({ appliedVersion: "4.6.41", remaining: ["4.7.20", "4.8.8"] })),
  };
  const context: UpContext = {
    stack: stackAccess({ engine }),
    settings: settingsSchema.parse({
      target: "4.7.20",
      matrix: "palette-kubernetes-4.7.20",
      clusterIdentifier: "prod",
    }),
    journal: Object.assign(journal, scene.journal),
    files: {
      progress: "/nowhere/progress.log",
      environment: {},
      clear: () => undefined,
      report: () => (scene.report === undefined ? road() : scene.report),
      failure: () => null,
      dispose: () => undefined,
    },
    screen: {
      onRun: () => undefined,
      onProgress: () => undefined,
      confirm: () => Promise.resolve(scene.answer ?? "confirmed"),
    },
    signal: new AbortController().signal,
    seconds: () => 0,
    ready: scene.ready ?? (() => Promise.resolve()),
    explain: (refusal) => Promise.resolve(refusal),
    hidden: {
      loadStored: () => Promise.resolve(),
      hide: (refusal) => {
        return { ...refusal, message: refusal.message.replace("hunter2", "<hubble password>") };
      },
    },
    cleanUp: () => Promise.resolve([]),
  };
  const tool = "palette-upgrade 0.1.0 (unknown commit)";
  const request = { command: "up", tool, change: null, maxWaitSeconds: 0, approved: null, to: null, maxHops: null };
  const result = await runUp(context, { ...request, ...scene.request });
  const ended = events.filter(({ kind }) => kind === "update-ended" || kind === "run-ended").map(describeEvent);
  return { result, ended, events };
}
