/** Changes of a saved text, as hands, terminals and networks make them. */
import { drawBelow, drawFrom, type Random } from "../../test/support/seeded-random.js";

type TextChange = (text: string, random: Random, others: readonly string[]) => string;

const number =
  /((?<![\w$])["']?(?:health|state|ok|myState|configVersion|term|uptime|pingMs|_id)["']?\s{0,9}:\s{0,9})-?\d{1,20}/g;
const name =
  /((?<![\w$])["']?(?:stateStr|lastHeartbeatMessage|name|set|infoMessage|syncingTo)["']?\s{0,9}:\s{0,9}["'])[^"'\n]{0,80}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g;
const numbers = [
  "0",
  "1",
  "2",
  "3",
  "5",
  "7",
  "8",
  "-1",
  "1.0",
  "0.9999999",
  "1e0",
  "10",
  "null",
  "NaN",
  '"1"',
  "true",
  "01",
];
const words = [
  "",
  "PRIMARY",
  "SECONDARY",
  "DOWN",
  "(not reachable/healthy)",
  "ARBITER",
  "syncing to: x",
  "x\\",
  "\u0000",
];
const lines = ["MongoServerError: node is recovering", "command terminated with exit code 137", "mongo-2 did not answer", "{", "}", '"health" : 0,', "{ ok: 1 }", "rs0:PRIMARY>"]; // prettier-ignore
const signs = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  ",",
  ":",
  "\n",
  " ",
  "0",
  "1",
  "8",
  "x",
  "\u0000",
  "\u001b",
  "\u200b",
  "\u2028",
  "é",
];

export const textChanges: Readonly<Record<string, TextChange>> = {
  number: (text, random) => replaceValue(text, number, random, drawFrom(random, numbers)),
  name: (text, random) => replaceValue(text, name, random, drawFrom(random, words)),
  time: (text, random) => shiftTime(text, random),
  cut: (text, random) => text.slice(0, drawBelow(random, text.length)),
  "cut before": (text, random) => text.slice(drawBelow(random, text.length)),
  "lines left out": (text, random) => {
    const all = text.split("\n");
    return all.toSpliced(drawBelow(random, all.length), 1 + drawBelow(random, 30)).join("\n");
  },
  "lines twice": (text, random) => {
    const all = text.split("\n");
    const from = drawBelow(random, all.length);
    return all
      .toSpliced(drawBelow(random, all.length), 0, ...all.slice(from, from + 1 + drawBelow(random, 60)))
      .join("\n");
  },
  "a line put in": (text, random) => {
    const all = text.split("\n");
    return all.toSpliced(drawBelow(random, all.length + 1), 0, drawFrom(random, lines)).join("\n");
  },
  sign: (text, random) => {
    const at = drawBelow(random, text.length);
    return text.slice(0, at) + drawFrom(random, signs) + text.slice(at + drawBelow(random, 2));
  },
  "another's part": (text, random, others) => {
    const other = drawFrom(random, others);
    const from = drawBelow(random, other.length);
    const at = drawBelow(random, text.length);
    return text.slice(0, at) + other.slice(from, from + drawBelow(random, 3000)) + text.slice(at);
  },
  "another behind": (text, random, others) => `${text}\n${drawFrom(random, others)}`,
  "very much": (text, random) => {
    const all = text.split("\n");
    const at = drawBelow(random, all.length);
    return all
      .toSpliced(at, 0, drawFrom(random, ["{", "[", "a: {", " ", all[at]!, '"', "\\"]).repeat(20_000))
      .join("\n");
  },
};

/** Replaces what follows the key of one match. */
function replaceValue(text: string, pattern: RegExp, random: Random, value: string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: whole, 1: key = "" } = drawFrom(random, found);
  return text.slice(0, index) + key + value + text.slice(index + whole.length);
}

function shiftTime(text: string, random: Random): string {
  const found = [...text.matchAll(time)];
  if (found.length === 0) return text;
  const { index, 0: shown } = drawFrom(random, found);
  const seconds = drawFrom(random, [-20, 20, -700, 700, -86_400, 86_400, -1e9]);
  const shifted = new Date(Date.parse(`${shown}Z`) + seconds * 1000);
  if (Number.isNaN(shifted.getTime())) return text;
  return text.slice(0, index) + shifted.toISOString().slice(0, 19) + text.slice(index + shown.length);
}
