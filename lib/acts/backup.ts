import { judgeBackup } from "../gates/backup/judge.js";
import { probeBackup } from "../gates/backup/probe.js";
import { backupConfigMap, parseBackup, type BackupRecord } from "../gates/backup/record.js";
import { messageOf, RefusedError } from "../errors.js";
import { runLocal, type RunLocal } from "../site/local-command.js";
import { connectKubernetesWrites, type KubernetesWrites } from "../site/kubernetes-writes.js";
import { placeOf } from "./place.js";
import { refusalOfFinding, refusedBy, type Refusal } from "./refusals.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

/** How the act gets what it writes with, and how it runs the backup command; tests give their own. */
export interface BackupDeps {
  connect: (request: ActRequest) => KubernetesWrites;
  run: RunLocal;
}

const real: BackupDeps = {
  connect: ({ settings }) => connectKubernetesWrites({ kubeconfig: settings.kubeconfig, context: settings.context }),
  run: runLocal,
};

/** Records a backup that was taken: id, place and time, where the gate `backup` reads them. It takes none itself. */
export function backupRecording({ connect, run }: BackupDeps): Act {
  return {
    name: "backup",
    summary: "records id, place and time of a backup that was taken, for the gate backup",
    options: [
      { name: "id", summary: "its id; default: what palette:backupCommand prints", required: false },
      { name: "location", summary: "where it is; no login in it", required: false },
      { name: "taken-at", summary: "when it was taken, with its zone, e.g. 2026-11-21T08:00:00Z", required: false },
    ],
    needs: [
      "secrets (list, all namespaces), for Helm's records",
      `configmaps (create; get and update of ${backupConfigMap}) in the release namespace`,
    ],
    propose: async (request) => (await look(request, run)).proposal,
    perform: (request, note) => perform(request, note, { connect, run }),
  };
}

export const backupAct: Act = backupRecording(real);

interface Look {
  proposal: ActProposal;
  record: BackupRecord | null;
}

async function look(request: ActRequest, run: RunLocal): Promise<Look> {
  const { settings, clock, hop } = request;
  const place = await placeOf(request);
  if (place.live === null) return { proposal: refusedBy(...place.refusals), record: null };
  const told = await toldRecord(request, run);
  if ("code" in told) return { proposal: refusedBy(told), record: null };
  const findings = judgeBackup({
    record: told,
    installed: place.live,
    installedAt: place.deployedAt,
    now: await clock.now(),
    maxAgeHours: settings.backup.maxAgeHours,
  });
  const refusals = findings.filter(({ outcome }) => outcome !== "pass").map(refusalOfFinding);
  const where = `ConfigMap ${settings.releaseNamespace}/${backupConfigMap}`;
  const lines = [
    `Backup ${told.id} at ${told.location}, taken at ${told.takenAt}; ${place.live} was deployed at ${place.deployedAt}.`,
    `To be written: ${where}, which the gate backup reads before ${hop.from} -> ${hop.to}. Whether the backup can be restored is not proved by that.`,
  ];
  return { proposal: { lines, alreadyDone: false, irreversible: false, refusals }, record: told };
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
  deps: BackupDeps,
): Promise<ActOutcome> {
  const { proposal, record } = await look(request, deps.run);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined || record === null)
    throw new RefusedError(refusal!.code, refusal!.message, { next: refusal!.next });
  const details = { id: record.id, location: record.location, takenAt: record.takenAt };
  await note(details);
  const { releaseNamespace } = request.settings;
  const data = {
    ...details,
    hop: `${request.hop.from}->${request.hop.to}`,
    recordedAt: (await request.clock.now()).toISOString(),
  };
  try {
    await deps.connect(request).putConfigMap(releaseNamespace, backupConfigMap, data);
  } catch (cause) {
    throw new RefusedError("BACKUP_NOT_RECORDED", `The record could not be written: ${messageOf(cause)}`, {
      next: "Apply deploy/acts-role.yaml for the user of this kubeconfig, then run the act again.",
      cause,
    });
  }
  return { details, message: `Backup ${record.id} is recorded in ConfigMap ${releaseNamespace}/${backupConfigMap}.` };
}

/** What the options say, all three of them; none of them: what the backup command prints. */
async function toldRecord(request: ActRequest, run: RunLocal): Promise<BackupRecord | Refusal> {
  const { options, settings, site, signal } = request;
  const given = { id: options["id"], location: options["location"], takenAt: options["taken-at"] };
  if (Object.values(given).some((value) => value !== undefined)) {
    const parsed = parseBackup(given);
    if (!parsed.ok) return invalid(parsed.fault.replace("takenAt", "taken-at"));
    if (/\/\/[^/@\s]*:[^/@\s]*@/.test(parsed.record.location)) return invalid("location holds a login");
    return parsed.record;
  }
  if (settings.backup.command.length === 0) return invalid("id, location, taken-at missing");
  const answer = await probeBackup(site.kubernetes, settings, signal, run);
  if ("finding" in answer) return refusalOfFinding(answer.finding);
  return answer.record ?? invalid("id, location, taken-at missing");
}

function invalid(fault: string): Refusal {
  return {
    code: "BACKUP_RECORD_INVALID",
    message: `The record of the backup is not complete: ${fault}.`,
    next: "Give --id, --location and --taken-at (with its zone), or set palette:backupCommand.",
  };
}
