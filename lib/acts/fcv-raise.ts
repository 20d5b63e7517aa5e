import { randomBytes } from "node:crypto";
import { getErrorMessage, RefusedError } from "../base/errors/errors.js";
import { findRequirement, compareCompatibility, type Requirement } from "../gates/mongo-fcv/requirement.js";
import { runGateRequest } from "../gates/run/request.js";
import { getGateByName } from "../gates/registry.js";
import type { GateName, GateReport, Observed } from "../gates/verdict/types.js";
import { readInstalledState } from "./place.js";
import {
  parseRaiseAnswer,
  toRaiseAnswer,
  createRaiseCommand,
  createRaiseDocument,
  raiseLimitSeconds,
  type RaiseAnswer,
} from "./raise-script.js";
import { toReportRefusals, createRefusedProposal, type Refusal } from "./refusals.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

/** Raises MongoDB's feature compatibility version to what the hop's MongoDB needs. It cannot be lowered again in place. */
export const fcvRaiseAct: Act = {
  name: "fcv-raise",
  summary: "raises MongoDB's feature compatibility version to what the hop needs; cannot be undone in place",
  options: [],
  needs: [
    "what the gates mongo-replica-set, mongo-fcv and backup read",
    "pods/exec (get, create) in MongoDB's namespace; the container's own MongoDB user, with the role root or hostManager",
  ],
  propose: async (request) => (await inspect(request, false)).proposal,
  perform,
};

interface Inspection {
  proposal: ActProposal;
  requirement: Requirement | null;
  primary: string;
  members: Member[];
}

interface Member {
  name: string;
  version: string | null;
  binary: string | null;
}

async function inspect(request: ActRequest, single: boolean): Promise<Inspection> {
  const { hop } = request;
  const none = { requirement: null, primary: "", members: [] };
  const state = await readInstalledState(request);
  if (state.live === null) return { ...none, proposal: createRefusedProposal(...state.refusals) };
  const requirement = findRequirement(hop);
  if (requirement === null || state.live === hop.to)
    return { ...none, proposal: createRefusedProposal(createNotNeededRefusal(request, state.live)) };
  const fcv = await runGate("mongo-fcv", request, true);
  const members = parseMembers(fcv.observed);
  const seen = members.map(
    ({ name, version, binary }) =>
      `${name}: feature compatibility version ${version ?? "not reported"}, MongoDB ${binary ?? "not reported"}`,
  );
  if (fcv.outcome === "pass") {
    const proposal = {
      lines: [...seen, `Every member has ${requirement.least} or higher.`],
      alreadyDone: true,
      irreversible: true,
      refusals: [],
    };
    return { requirement, primary: "", members, proposal };
  }
  const set = await runGate("mongo-replica-set", request, single);
  const backup = await runGate("backup", request, true);
  const primary = getText(set.observed, "primary") ?? "";
  const refusals = [
    ...toReportRefusals(fcv).filter(({ code }) => code !== "FCV_TOO_LOW"),
    ...members.flatMap((member) => checkBinary(member, requirement)),
    ...toReportRefusals(set),
    ...checkBackup(backup),
    ...(set.outcome === "pass" && primary === "" ? [noPrimary] : []),
  ];
  const lines = [
    ...seen,
    `To be written, on the primary ${primary}: ${JSON.stringify(createRaiseDocument(requirement.least, needsConfirm(members)))}.`,
    `It cannot be undone in place. The way back is the backup ${getText(backup.observed, "id") ?? "(none)"} at ${getText(backup.observed, "location") ?? "(nowhere)"}.`,
  ];
  return { requirement, primary, members, proposal: { lines, alreadyDone: false, irreversible: true, refusals } };
}

async function perform(
  request: ActRequest,
  note: (details: Record<string, string>) => Promise<void>,
): Promise<ActOutcome> {
  const { proposal, requirement, primary, members } = await inspect(request, true);
  const [refusal] = proposal.refusals;
  if (refusal !== undefined || requirement === null)
    throw new RefusedError(refusal!.code, refusal!.message, { next: refusal!.next });
  const { least } = requirement;
  const before = Object.fromEntries(members.map(({ name, version }) => [`before.${name}`, version ?? "not reported"]));
  const details = { ...before, raisedTo: least, primary };
  if (proposal.alreadyDone)
    return { details: before, message: `Every member has ${least} or higher already; nothing was written.` };
  await note(details);
  const answer = await raiseVersion(request, primary, least, needsConfirm(members));
  if (!answer.ok)
    throw new RefusedError(
      "FCV_RAISE_FAILED",
      `MongoDB did not raise its feature compatibility version to ${least}: ${answer.why}.`,
      {
        next: "Look at the primary's log, then run the act again: it reads the version first, so that nothing is done twice.",
      },
    );
  const after = await runGate("mongo-fcv", request, false);
  if (after.outcome !== "pass")
    throw new RefusedError(
      "FCV_RAISE_NOT_SEEN",
      `MongoDB took the command, but not every member shows ${least}: ${after.reasons.map(({ message }) => message).join(" ")}`,
      { next: "Wait until the members have followed, then run the act again." },
    );
  return {
    details,
    message: `Every member shows feature compatibility version ${least}. The hop to ${request.hop.to} may go on.`,
  };
}

/**
 * Raises the version on the primary: by exec in its container in the cluster, by the MongoDB driver if it is external.
 */
async function raiseVersion(
  request: ActRequest,
  primary: string,
  least: string,
  confirm: boolean,
): Promise<RaiseAnswer> {
  const { site, settings, signal } = request;
  try {
    if (site.mongo !== null && site.mongo !== undefined) return await raiseByDriver(request, least, confirm);
    const { namespace, container } = settings.mongo;
    const nonce = randomBytes(12).toString("hex");
    const command = createRaiseCommand(nonce, least, confirm);
    const options = { timeoutSeconds: raiseLimitSeconds + 10, signal };
    return parseRaiseAnswer(
      (await site.kubernetes.exec(namespace, primary, container, command, options)).stdout,
      nonce,
    );
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, why: getErrorMessage(error) };
  }
}

async function raiseByDriver({ site, signal }: ActRequest, least: string, confirm: boolean): Promise<RaiseAnswer> {
  const mongo = site.mongo!;
  for (const host of (await mongo.seeds()).hosts) {
    const [hello] = await mongo.ask(host, [{ hello: 1 }], signal);
    if (hello?.["isWritablePrimary"] !== true) continue;
    const [reply] = await mongo.ask(host, [createRaiseDocument(least, confirm)], signal, raiseLimitSeconds);
    return toRaiseAnswer(reply);
  }
  return { ok: false, why: "none of the members named in the connection string is the primary" };
}

function runGate(
  name: GateName,
  { hop, settings, secrets, site, clock, signal }: ActRequest,
  single: boolean,
): Promise<GateReport> {
  return runGateRequest(
    getGateByName(name),
    { to: hop.to, when: "before", settings, secrets },
    { connect: () => site, clock },
    { single, signal },
  );
}

function checkBinary({ name, binary }: Member, { least }: Requirement): Refusal[] {
  const series = binary?.split(".").slice(0, 2).join(".") ?? "";
  if ((compareCompatibility(series, least) ?? -1) >= 0) return [];
  return [
    {
      code: "FCV_BINARY_TOO_OLD",
      message: `${name} runs MongoDB ${binary ?? "of a version that is not reported"}, expected ${least} or newer: an older one cannot take ${least}.`,
      next: "Bring every member to that MongoDB first, by the Palette release that ships it.",
    },
  ];
}

function checkBackup(report: GateReport): Refusal[] {
  if (!report.reasons.some(({ code }) => code === "NOT_APPLICABLE")) return toReportRefusals(report);
  return [
    {
      code: "BACKUP_MISSING",
      message: "No backup is recorded, and this act cannot be undone without one.",
      next: `Take one and record it: palette-upgrade act backup --stack STACK --hop '${report.from}->${report.to}' --because TEXT --option id=… --option location=… --option taken-at=…, or set palette:backup.command.`,
    },
  ];
}

const noPrimary: Refusal = {
  code: "NO_PRIMARY",
  message: "Which member is the primary could not be determined.",
  next: "Look at palette-upgrade gate mongo.",
};

function createNotNeededRefusal({ hop }: ActRequest, live: string): Refusal {
  const why = live === hop.to ? `${live} is installed already` : `the hop ${hop.from} -> ${hop.to} needs no raise`;
  return { code: "ACT_NOT_NEEDED", message: `Nothing is to be raised: ${why}.`, next: "Leave it is." };
}

function needsConfirm(members: readonly Member[]): boolean {
  return members.some(({ binary }) => Number(binary?.split(".")[0] ?? 0) >= 7);
}

function parseMembers(observed: Observed): Member[] {
  const members = toRecord(observed)["members"];
  if (!Array.isArray(members)) return [];
  return members.map((each) => ({
    name: getText(each, "name") ?? "?",
    version: getText(each, "version"),
    binary: getText(each, "binary"),
  }));
}

function getText(observed: Observed, key: string): string | null {
  const value = toRecord(observed)[key];
  return typeof value === "string" ? value : null;
}

function toRecord(observed: Observed): Record<string, Observed> {
  return typeof observed === "object" && observed !== null && !Array.isArray(observed) ? observed : {};
}
