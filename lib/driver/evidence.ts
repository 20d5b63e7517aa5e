import { constants } from "node:os";
import { type GateReport } from "../gates/verdict/types.js";
import { type EngineRun } from "../engine/engine.js";

/**
 * Parses the gate reports in an engine's message on a failed Command: each gate prints its report as one line of JSON.
 * Other lines are ignored. Pure.
 */
export function parseReports(text: string): GateReport[] {
  return text.split("\n").flatMap((line) => {
    const start = line.indexOf('{"gate":');
    if (start < 0) return [];
    try {
      return [JSON.parse(line.slice(start)) as GateReport];
    } catch {
      return [];
    }
  });
}

/** Lists the reports of the gates that stopped a run, without repeats (an engine repeats a Command's error). */
export function listFailedGates(run: EngineRun): GateReport[] {
  const reports = run.diagnostics
    .filter(({ severity }) => severity === "error")
    .flatMap(({ message }) => parseReports(message));
  const seen = new Set<string>();
  return reports.filter((report) => {
    const key = `${report.gate} ${report.when} ${JSON.stringify(report.reasons)}`;
    return report.outcome !== "pass" && !seen.has(key) && seen.add(key);
  });
}

/**
 * Parses the refusals that the program itself threw: an error's message begins with its code, in capitals. A code of one
 * word counts at the start only, and a code of the operating system never does.
 */
export function parseRefusals(run: EngineRun): { code: string; message: string }[] {
  return run.diagnostics.flatMap(({ severity, message }) => {
    if (severity !== "error") return [];
    const [, word, afterWord] = /^(?:[A-Za-z]*Error: )?([A-Z][A-Z0-9]{4,}): ([\s\S]*)/.exec(message) ?? [];
    if (word !== undefined && !isSystemCode(word)) return [{ code: word, message: afterWord!.trim() }];
    const match = /(?:^|\n|: )([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): ([\s\S]*)/.exec(message);
    return match ? [{ code: match[1]!, message: match[2]!.trim() }] : [];
  });
}

function isSystemCode(word: string): boolean {
  return word === "ERROR" || word in constants.errno;
}
