import { formatHopName } from "../gates/consent/types.js";
import { InvalidInputError, getErrorMessage, PaletteError, RefusedError } from "../base/errors/errors.js";
import { redact } from "../base/text/redact.js";
import type { Journal } from "../journal/types.js";
import { describeIdentity } from "../site/identity.js";
import { listSecretTexts } from "../settings/gate-secrets.js";
import { type ActPlace, identifyActSite } from "./identify.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

interface ActRun {
  act: Act;
  request: ActRequest;
  because: string;
  ticket: string | null;
  /** For the journal: name, version and commit of the tool. */
  tool: string;
  place: ActPlace;
  journal: Pick<Journal, "append" | "keep" | "settle">;
  /** Shows the proposal and asks for confirmation; false if it is declined. Throws where nobody can be asked. */
  confirm: (proposal: ActProposal) => Promise<boolean>;
  /** Says to a person what the journal did not take. */
  say: (message: string) => void;
}

export type ActEnd =
  | { kind: "done"; outcome: ActOutcome; proposal: ActProposal }
  | { kind: "already-done"; proposal: ActProposal }
  | { kind: "declined"; proposal: ActProposal };

/**
 * Runs one act once: proposal, preconditions, confirmation, journal, write, journal. Nothing is written where a
 * precondition does not hold, where it is not confirmed, or where the journal cannot be written.
 *
 * @throws InvalidInputError `ACT_OPTION`; RefusedError `ACT_REFUSED` naming every precondition; what the act itself
 * throws.
 */
export async function runAct({
  act,
  request,
  because,
  ticket,
  tool,
  place,
  journal,
  confirm,
  say,
}: ActRun): Promise<ActEnd> {
  refuseUnknownOptions(act, request.options);
  const redactDetails = createRedactor(request);
  const proposal = redactProposal(await act.propose(request), request);
  const identity = await identifyActSite(request, place);
  const recordOutcome = async (
    outcome: "done" | "refused" | "failed",
    details: Record<string, string>,
  ): Promise<void> => {
    await journal.keep({
      kind: "act",
      act: act.name,
      hop: formatHopName(request.hop),
      outcome,
      because,
      ticket,
      details: redactDetails(details),
      tool,
      identity,
    });
    const unstored = await journal.settle();
    if (unstored !== null) say(unstored.message);
  };
  if (proposal.refusals.length > 0) {
    await recordOutcome("refused", Object.fromEntries(proposal.refusals.map(({ code, message }) => [code, message])));
    throw createRefusedError(act, request, proposal);
  }
  if (proposal.alreadyDone) return { kind: "already-done", proposal };
  if (!(await confirm(proposal))) return { kind: "declined", proposal };
  const recordNote = async (details: Record<string, string>): Promise<void> => {
    const message = `${act.name} for ${formatHopName(request.hop)} is about to write: ${JSON.stringify(redactDetails(details))}; on ${describeIdentity(identity)}`;
    await journal.append({ kind: "note", code: "ACT_BEGUN", message });
  };
  const outcome = await act.perform(request, recordNote).catch(async (error: unknown) => {
    await recordOutcome("failed", {
      error: getErrorMessage(error),
      code: error instanceof PaletteError ? error.code : "UNEXPECTED",
    });
    throw error;
  });
  await recordOutcome("done", outcome.details);
  return {
    kind: "done",
    outcome: { details: redactDetails(outcome.details), message: redactText(request, outcome.message) },
    proposal,
  };
}

function refuseUnknownOptions(act: Act, given: Record<string, string>): void {
  const known = act.options.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  const missing = act.options.find(({ name, required }) => required && given[name] === undefined);
  const list = act.options.map(({ name, summary }) => `--option ${name}=… (${summary})`).join("; ") || "it takes none";
  if (unknown !== undefined)
    throw new InvalidInputError("ACT_OPTION", `act ${act.name} has no option "${unknown}".`, {
      next: `Its options: ${list}.`,
    });
  if (missing !== undefined)
    throw new InvalidInputError(
      "ACT_OPTION",
      `act ${act.name}: option ${missing.name} is missing (${missing.summary}).`,
      {
        next: `Give --option ${missing.name}=….`,
      },
    );
}

function createRefusedError(act: Act, request: ActRequest, { refusals }: ActProposal): RefusedError {
  const lines = refusals.map(({ code, message, next }) => `  - ${code}: ${message} ${next}`);
  const many = refusals.length === 1 ? "A precondition does" : `${refusals.length} preconditions do`;
  return new RefusedError(
    "ACT_REFUSED",
    `act ${act.name} for ${formatHopName(request.hop)} was not begun. ${many} not hold:\n${lines.join("\n")}`,
    { next: "Nothing was written. Run the same command again when this is fixed." },
  );
}

function createRedactor(request: ActRequest): (details: Record<string, string>) => Record<string, string> {
  return (details) =>
    Object.fromEntries(
      Object.entries(details)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, redactText(request, value)]),
    );
}

function redactProposal(proposal: ActProposal, request: ActRequest): ActProposal {
  return {
    ...proposal,
    lines: proposal.lines.map((line) => redactText(request, line)),
    refusals: proposal.refusals.map((each) => ({ ...each, message: redactText(request, each.message) })),
  };
}

function redactText({ secrets }: ActRequest, text: string): string {
  return redact(text, listSecretTexts(secrets));
}
