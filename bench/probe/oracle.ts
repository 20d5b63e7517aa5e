/**
 * A naive reading of MongoDB's answers, written without the judge's parser or rules: it names only what nobody may call
 * healthy, and is silent about all else. A pass that it objects to is a fault of the judge, or of the oracle.
 */
import { Long, Timestamp } from "bson";

type Json = Record<string, unknown>;

const farSeconds = 600;
const oldHeartbeatSeconds = 120;

/** Finds why a status that is at hand as an object must not pass; null if nothing is seen. `decides`: it is the primary's. */
export function findFaultOfStatus(status: Json, expectedMembers: number, decides: boolean): string | null {
  const members: unknown = status["members"];
  if (status["ok"] !== 1) return "ok is not 1";
  if (!Array.isArray(members) || members.length !== expectedMembers) return "the number of members";
  const all = members as unknown[];
  if (!all.every((member): member is Json => typeof member === "object" && member !== null)) return "a member is none";
  const each = all;
  if (each.filter(({ state }) => state === 1).length !== 1) return "not one PRIMARY";
  if (!each.every(({ state }) => state === 1 || state === 2 || state === 7)) return "a state";
  if (!each.every(({ health: seen }) => seen === 1 || (seen instanceof Long && seen.equals(1)))) return "a health";
  if (new Set(each.map(({ configVersion }) => configVersion)).size !== 1) return "configVersion differs";
  if (new Set(each.map(({ name }) => name)).size !== each.length) return "two members of a name";
  const old = each.some(({ self, lastHeartbeatRecv }) => self !== true && isOld(lastHeartbeatRecv, status["date"]));
  if (old) return "an old heartbeat";
  return decides && isFarBehind(each) ? "far behind" : null;
}

function isOld(heard: unknown, date: unknown): boolean {
  return heard instanceof Date && date instanceof Date && date.getTime() - heard.getTime() > oldHeartbeatSeconds * 1000;
}

/** Whether a member is far behind the primary by everything that its entry shows. */
function isFarBehind(members: readonly Json[]): boolean {
  const primary = members.find(({ state }) => state === 1)!;
  return members.some((member) => {
    const behind = [toSeconds, toDateSeconds, toWallSeconds].map((read) => read(primary) - read(member));
    return member["state"] === 2 && behind.every((seconds) => seconds > farSeconds);
  });
}

function toSeconds({ optime }: Json): number {
  const stamp = (optime as Json | null | undefined)?.["ts"];
  return stamp instanceof Timestamp ? stamp.getHighBits() : NaN;
}

function toDateSeconds({ optimeDate }: Json): number {
  return optimeDate instanceof Date ? optimeDate.getTime() / 1000 : NaN;
}

function toWallSeconds({ lastAppliedWallTime }: Json): number {
  return lastAppliedWallTime instanceof Date ? lastAppliedWallTime.getTime() / 1000 : NaN;
}

const health = valueOf("health");
const ofState = valueOf("state");
const ofOk = valueOf("ok");
const ofMyState = valueOf("myState");
const ofStateName = textOf("stateStr", 80);
const ofMessage = textOf("lastHeartbeatMessage", 200);
const ofName = textOf("name", 300);
const failure = /MongoServerError|command terminated with|did not answer|MongoNetworkError/;
const quoted = /"[^"\n]*"|'[^'\n]*'/g;
const wrapped = /\{\s{0,9}["']?\$number\w{1,10}["']?\s{0,9}:\s{0,9}["']?([^"'{}]{0,40})["']?\s{0,9}\}/g;
const called = /(?:Number\w{1,10}|Long|Int32|Double)\(["']?([\d.-]{1,30})["']?\)/g;
const innermost = /\{[^{}]*\}/g;
const deepest = 40;
const knownStates = new Set(["PRIMARY", "SECONDARY", "ARBITER"]);

/** Finds why a text must not pass, by its look alone; null if nothing is seen. */
export function findFaultOfText(text: string, expectedMembers: number): string | null {
  const plain = unwrap(text);
  const members = listMembers(plain);
  const shown = members.join("\n");
  const answers = Math.max(1, list(plain, ofMyState).length);
  if (failure.test(text)) return "a failure in the text";
  if (members.length < expectedMembers * answers) return "fewer members with name and health than expected";
  if (!list(shown, health).every(isOne)) return "a health";
  const states = list(shown, ofState);
  if (!states.every((state) => [1, 2, 7].includes(Number(state)))) return "a state";
  if (states.filter(isOne).length < answers) return "no PRIMARY";
  if (!list(shown, ofStateName).every((name) => knownStates.has(name))) return "a state's name";
  if (!list(shown, ofMessage).every((said) => said === "" || said.startsWith("syncing to: ")))
    return "a heartbeat message";
  const ok = list(plain, ofOk);
  return ok.length < answers || !ok.every(isOne) ? "ok is not 1" : null;
}

/** Writes numbers without what shells and drivers wrap around them, and strings without braces. */
function unwrap(text: string): string {
  return text
    .replace(wrapped, "$1")
    .replace(called, "$1")
    .replace(quoted, (string) => string.replace(/[{}]/g, ""));
}

/** Lists the objects that hold a name and a health, without the objects in them. */
function listMembers(text: string): string[] {
  const members: string[] = [];
  let rest = text;
  for (let depth = 0; depth < deepest; depth += 1) {
    const before = rest;
    rest = rest.replace(innermost, (object) => {
      if (list(object, health).length > 0 && list(object, ofName).length > 0) members.push(object);
      return "0";
    });
    if (rest === before) break;
  }
  return members;
}

function valueOf(key: string): RegExp {
  return new RegExp(String.raw`(?<![\w$])["']?${key}["']?\s{0,9}:\s{0,9}(["']?-?[\w.]{1,30})`, "g");
}

function textOf(key: string, longest: number): RegExp {
  return new RegExp(String.raw`(?<![\w$])["']?${key}["']?\s{0,9}:\s{0,9}["']([^"'\n]{0,${longest}})["']`, "g");
}

function list(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, value = ""]) => value);
}

function isOne(value: string): boolean {
  return Number(value) === 1;
}
