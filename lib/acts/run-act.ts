import { hopName } from "../accept/types.js";
import { InvalidInputError, messageOf, PaletteError, RefusedError } from "../errors.js";
import { redact } from "../gates/redact.js";
import type { Journal } from "../journal/types.js";
import { secretTexts } from "../stack/gate-secrets.js";
import type { Act, ActOutcome, ActProposal, ActRequest } from "./types.js";

export interface ActRun {
  act: Act;
  request: ActRequest;
  because: string;
  ticket: string | null;
  journal: Pick<Journal, "append">;
  /** Shows the proposal and asks; throws where nobody can be asked. False: the person has said no. */
  confirm: (proposal: ActProposal) => Promise<boolean>;
}

export type ActEnd =
  | { kind: "done"; outcome: ActOutcome; proposal: ActProposal }
  | { kind: "already-done"; proposal: ActProposal }
  | { kind: "declined"; proposal: ActProposal };

/**
 * One act, once: proposal, preconditions, confirmation, journal, write, journal. Nothing is written where a precondition does
 * not hold, where nobody has confirmed, or where the journal cannot be.
 *
 * @throws InvalidInputError `ACT_OPTION`; RefusedError `ACT_REFUSED` naming every precondition; what the act itself throws.
 */
export async function runAct({ act, request, because, ticket, journal, confirm }: ActRun): Promise<ActEnd> {
  refuseUnknownOptions(act, request.options);
  const clean = cleaner(request);
  const keep = (outcome: "done" | "refused" | "failed", details: Record<string, string>): Promise<unknown> =>
    journal.append({
      kind: "act",
      act: act.name,
      hop: hopName(request.hop),
      outcome,
      because,
      ticket,
      details: clean(details),
    });
  const proposal = cleanProposal(await act.propose(request), request);
  if (proposal.refusals.length > 0) {
    await keep("refused", Object.fromEntries(proposal.refusals.map(({ code, message }) => [code, message])));
    throw refusal(act, request, proposal);
  }
  if (proposal.alreadyDone) return { kind: "already-done", proposal };
  if (!(await confirm(proposal))) return { kind: "declined", proposal };
  const note = async (details: Record<string, string>): Promise<void> => {
    const message = `${act.name} for ${hopName(request.hop)} is about to write: ${JSON.stringify(clean(details))}`;
    await journal.append({ kind: "note", code: "ACT_BEGUN", message });
  };
  try {
    const outcome = await act.perform(request, note);
    await keep("done", outcome.details);
    return {
      kind: "done",
      outcome: { details: clean(outcome.details), message: redactFor(request, outcome.message) },
      proposal,
    };
  } catch (error) {
    await keep("failed", { error: messageOf(error), code: error instanceof PaletteError ? error.code : "UNEXPECTED" });
    throw error;
  }
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

function refusal(act: Act, request: ActRequest, { refusals }: ActProposal): RefusedError {
  const lines = refusals.map(({ code, message, next }) => `  - ${code}: ${message} ${next}`);
  const many = refusals.length === 1 ? "A precondition does" : `${refusals.length} preconditions do`;
  return new RefusedError(
    "ACT_REFUSED",
    `act ${act.name} for ${hopName(request.hop)} was not begun. ${many} not hold:\n${lines.join("\n")}`,
    { next: "Nothing was written. Run the same command again when this is mended." },
  );
}

function cleaner(request: ActRequest): (details: Record<string, string>) => Record<string, string> {
  return (details) =>
    Object.fromEntries(
      Object.entries(details)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, redactFor(request, value)]),
    );
}

function cleanProposal(proposal: ActProposal, request: ActRequest): ActProposal {
  return {
    ...proposal,
    lines: proposal.lines.map((line) => redactFor(request, line)),
    refusals: proposal.refusals.map((each) => ({ ...each, message: redactFor(request, each.message) })),
  };
}

function redactFor({ secrets }: ActRequest, text: string): string {
  return redact(text, secretTexts(secrets));
}
