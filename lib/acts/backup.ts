import { judgeBackup } from "../gates/backup/judge.js";
import { probeBackup } from "../gates/backup/probe.js";
import { backupConfigMap, parseBackup, type BackupRecord } from "../gates/backup/record.js";
import { getErrorMessage, RefusedError } from "../base/errors/errors.js";
import { runLocal, type RunLocal } from "../base/process/local-command.js";
import { connectKubernetesWrites, type KubernetesWrites } from "../site/kubernetes/writes.js";
import { readInstalledState } from "./place.js";
import { toFindingRefusal, createRefusedProposal, type Refusal } from "./refusals.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

/** The clients of the act: how it connects for writing and how it runs the backup command. Tests pass their own. */
interface BackupDependencies {
  connect: (request: ActRequest) => KubernetesWrites;
  run: RunLocal;
}

const defaultDependencies: BackupDependencies = {
  connect: ({ settings }) => connectKubernetesWrites(settings.kubernetes),
  run: runLocal,
};

/** Creates the act that records id, location and time of a backup for the gate `backup`. It takes no backup itself. */
export function createBackupAct({ connect, run }: BackupDependencies): Act {
  return {
    name: "backup",
    summary: "records id, place and time of a backup that was taken, for the gate backup",
    options: [
      { name: "id", summary: "its id; default: what palette:backup.command prints", required: false },
      { name: "location", summary: "where it is; no login in it", required: false },
      { name: "taken-at", summary: "when it was taken, with its zone, e.g. 2026-11-21T08:00:00Z", required: false },
    ],
    needs: [
      "secrets (list, all namespaces), for Helm's records",
      `configmaps (create; get and update of ${backupConfigMap}) in the release namespace`,
    ],
    propose: async (request) => (await inspect(request, run)).proposal,
    perform: (request, note) => perform(request, note, { connect, run }),
  };
}

export const backupAct: Act = createBackupAct(defaultDependencies);

interface Inspection {
  proposal: ActProposal;
  record: BackupRecord | null;
}

async function inspect(request: ActRequest, run: RunLocal): Promise<Inspection> {
  const { settings, clock, hop } = request;
  const state = await readInstalledState(request);
  if (state.live === null) return { proposal: createRefusedProposal(...state.refusals), record: null };
  const givenRecord = await readGivenRecord(request, run);
  if ("code" in givenRecord) return { proposal: createRefusedProposal(givenRecord), record: null };
  const findings = judgeBackup({
    record: givenRecord,
    installed: state.live,
    installedAt: state.deployedAt,
    now: await clock.now(),
    maxAgeSeconds: settings.backup.maxAgeSeconds,
  });
  const refusals = findings.filter(({ outcome }) => outcome !== "pass").map(toFindingRefusal);
  const where = `ConfigMap ${settings.helm.namespace}/${backupConfigMap}`;
  const lines = [
    `Backup ${givenRecord.id} at ${givenRecord.location}, taken at ${givenRecord.takenAt}; ${state.live} was deployed at ${state.deployedAt}.`,
    `To be written: ${where}, which the gate backup reads before ${hop.from} -> ${hop.to}. Whether the backup can be restored is not proved by that.`,
  ];
  return { proposal: { lines, alreadyDone: false, irreversible: false, refusals }, record: givenRecord };
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
  dependencies: BackupDependencies,
): Promise<ActOutcome> {
  const { proposal, record } = await inspect(request, dependencies.run);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined || record === null)
    throw new RefusedError(refusal!.code, refusal!.message, { next: refusal!.next });
  const details = { id: record.id, location: record.location, takenAt: record.takenAt };
  await note(details);
  const { namespace } = request.settings.helm;
  const data = {
    ...details,
    hop: `${request.hop.from}->${request.hop.to}`,
    recordedAt: (await request.clock.now()).toISOString(),
  };
  try {
    await dependencies.connect(request).putConfigMap(namespace, backupConfigMap, data);
  } catch (cause) {
    throw new RefusedError("BACKUP_NOT_RECORDED", `The record could not be written: ${getErrorMessage(cause)}`, {
      next: "Apply deploy/acts-role.yaml for the user of this kubeconfig, then run the act again.",
      cause,
    });
  }
  return { details, message: `Backup ${record.id} is recorded in ConfigMap ${namespace}/${backupConfigMap}.` };
}

/** The record given by the three options; without any of them, what the backup command prints. */
async function readGivenRecord(request: ActRequest, run: RunLocal): Promise<BackupRecord | Refusal> {
  const { options, settings, site, signal } = request;
  const given = { id: options["id"], location: options["location"], takenAt: options["taken-at"] };
  if (Object.values(given).some((value) => value !== undefined)) {
    const parsed = parseBackup(given);
    if (!parsed.ok) return createInvalidRefusal(parsed.fault.replace("takenAt", "taken-at"));
    if (/\/\/[^/@\s:]*:[^/@\s]*@/.test(parsed.record.location)) return createInvalidRefusal("location holds a login");
    return parsed.record;
  }
  if (settings.backup.command.length === 0) return createInvalidRefusal("id, location, taken-at missing");
  const answer = await probeBackup(site.kubernetes, settings, signal, run);
  if ("finding" in answer) return toFindingRefusal(answer.finding);
  return answer.record ?? createInvalidRefusal("id, location, taken-at missing");
}

function createInvalidRefusal(fault: string): Refusal {
  return {
    code: "BACKUP_RECORD_INVALID",
    message: `The record of the backup is not complete: ${fault}.`,
    next: "Give --option id=…, --option location=… and --option taken-at=… (with its zone), or set palette:backup.command.",
  };
}
