import { describeEvent } from "../../lib/journal/entry-words.js";
import { type JournalEvent, type OpenJournal } from "../../lib/journal/types.js";
import { type PreviewReport } from "../../lib/program/preview/report.js";
import { createEmptyPreview } from "../../lib/program/preview/assemble.js";
import { type EngineEvent, type EngineRun, type EngineRunOptions, type EngineStep } from "../../lib/engine/engine.js";
import { type HelmRevision } from "../../lib/site/types.js";
import { settingsSchema } from "../../lib/settings/schema.js";
import { runUp, type UpContext, type UpRequest } from "../../lib/driver/up.js";
import { type UpResult } from "../../lib/driver/up-result.js";
import { createRecorder } from "../journal/recorder.js";

export const hubble: EngineStep = {
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

export const hop = { from: "4.6.41", to: "4.7.20", change: "minor", skips: [], gates: [], acts: [], advisories: [] };

function route(): PreviewReport {
  return {
    ...createEmptyPreview("prod"),
    step: { kind: "hop", from: "4.6.41", destination: "4.7.20", resuming: false, declareReleases: true },
    plan: { from: "4.6.41", hops: [hop], refusal: null } as unknown as PreviewReport["plan"],
    hop: hop as unknown as PreviewReport["hop"],
    releases: [
      {
        role: "hubble",
        name: "hubble",
        namespace: "default",
        from: "4.6.41",
        to: "4.7.20",
        sha256: "ab",
        values: null,
      },
    ],
  };
}

function run(over: Partial<EngineRun> = {}): EngineRun {
  const steps = [{ ...hubble, outcome: "planned" as const }];
  return { ok: true, interrupted: false, steps, diagnostics: [], outputs: {}, ...over };
}

export function errors(message: string): Partial<EngineRun> {
  return { ok: false, diagnostics: [{ kind: "diagnostic", severity: "error", urn: null, message }] };
}

const needed = { matrix: "palette-kubernetes-4.7.20", target: "4.7.20", clusterIdentifier: "prod" };

export interface Scene {
  /** Called with the environment of the update. */
  onUp?: (environment: Record<string, string>) => void;
  settings?: Record<string, unknown>;
  ready?: () => Promise<void>;
  /** To each preview that shows changes; the last one to all further ones. */
  answers?: ("confirmed" | "unasked" | "declined")[];
  /** Each preview after the update shows changes again. */
  goesOn?: boolean;
  preview?: Partial<EngineRun>;
  report?: PreviewReport | null;
  /** What the update tells; the next preview shows nothing to do. */
  up?: { events?: EngineEvent[]; run: Partial<EngineRun> };
  request?: Partial<UpRequest>;
  outputs?: () => Promise<Record<string, unknown>>;
  journal?: Partial<OpenJournal>;
  /** Helm's revisions before the update and after it. */
  records?: HelmRevision[][];
}

/** One run of the driver on an engine that only plays what it is told. */
export async function drive(scene: Scene): Promise<{ result: UpResult; ended: string[]; events: JournalEvent[] }> {
  const { events, journal } = createRecorder();
  const records = [...(scene.records ?? [])];
  const answers = [...(scene.answers ?? (["confirmed"] as const))];
  let made = false;
  const engine = {
    name: "embedded",
    preview: () => Promise.resolve(made && scene.goesOn !== true ? run({ steps: [] }) : run(scene.preview)),
    up: ({ onEvent, environment = {} }: EngineRunOptions) => {
      made = true;
      scene.onUp?.(environment);
      scene.up?.events?.forEach((event) => onEvent?.(event));
      return Promise.resolve(run(scene.up?.run));
    },
    outputs: scene.outputs ?? (() => Promise.resolve({ appliedVersion: "4.6.41", remaining: ["4.7.20", "4.8.8"] })),
  };
  const context = {
    stack: { name: "prod", engine },
    settings: settingsSchema.parse({ ...needed, ...scene.settings }),
    journal: Object.assign(journal, scene.journal),
    files: {
      progress: "/nowhere/progress.log",
      environment: {},
      clear: () => undefined,
      report: () => {
        const report = scene.report === undefined ? route() : scene.report;
        const isDone = made && scene.goesOn !== true && report?.step != null;
        return isDone ? { ...report, step: { ...report.step, kind: "done" } } : report;
      },
      failure: () => null,
    },
    screen: {
      onRun: () => undefined,
      onProgress: () => undefined,
      confirm: () => Promise.resolve((answers.length > 1 ? answers.shift() : answers[0])!),
    },
    signal: new AbortController().signal,
    seconds: () => 0,
    ready: scene.ready ?? (() => Promise.resolve()),
    explain: (refusal: unknown) => Promise.resolve(refusal),
    readRevisions: () => Promise.resolve(records.shift() ?? []),
    hidden: {
      loadStored: () => Promise.resolve(),
      hide: <T extends { message: string }>(refusal: T): T => {
        return { ...refusal, message: refusal.message.replace("hunter2", "<hubble password>") };
      },
    },
    cleanUp: () => Promise.resolve([]),
  } as unknown as UpContext;
  const request = {
    tool: "palette-upgrade 0.1.0",
    command: "up",
    change: null,
    maxWaitSeconds: 0,
    approved: null,
    runner: "ana",
    to: null,
    maxHops: null,
  };
  const result = await runUp(context, { ...request, ...scene.request });
  const ended = events.filter(({ kind }) => kind === "update-ended" || kind === "run-ended").map(describeEvent);
  return { result, ended, events };
}
