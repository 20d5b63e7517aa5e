import { showColours } from "./colours.js";

/** Control characters except tab and newline, and bidirectional controls: they can hide or forge what is shown. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * What a CI system takes for a command in a log: `::` at the start of a line (GitHub, Gitea), `##[` (GitHub's older form,
 * Azure), `##vso[` (Azure) and `##teamcity[` anywhere in it.
 */
const commandStart = /(^[^\S\r\n\u2028\u2029]*)(:(?=:))|#(?=#(?:vso|teamcity)?\[)/gim;

/**
 * Escapes characters that can hide or forge what is shown, as JSON does (`\u001b`): text from a site, person or vendor
 * is then safe in a terminal or comment. JSON stays what it is.
 */
export function toPrintable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(unprintable, escapeCharacter);
}

/**
 * Makes a text fit to leave this process, whatever parts of it come from elsewhere: no control characters, no colours
 * but those of `createColours`, no command to a CI system. JSON stays what it is.
 */
export function toShown(text: string): string {
  return showColours(text, (part) => toPrintable(part).replace(commandStart, escapeCommand));
}

/** Puts a text on one line, so that no part of it looks like a line of this tool. */
export function toOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Clips text to `limit` characters and says how many are left out. */
export function clipText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, "")} … (${text.length - limit} more characters)`;
}

function escapeCommand(start: string, indent = "", colon = start): string {
  return `${indent}${escapeCharacter(colon)}`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
