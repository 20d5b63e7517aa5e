// What a stack's comment says, as text alone: scripts/preview-comment.mjs posts it.

const limit = 60_000;

/** What lies in `<stack>.exit` from the job's start until a preview has ended. */
const notRun = "not run";

/** The first line of a stack's comment, as lib/program/preview/render/markdown.ts writes it. */
export function markerOf(stack) {
  return `<!-- palette-upgrade preview of ${encodeURIComponent(stack).replaceAll("-", "%2D")} -->`;
}

/**
 * What to post of one stack, in less than 60,000 characters: its marker, then the preview, or that there is none, and last the
 * commit it is of. `text` and `exit` are what was found in `<stack>.md` and `<stack>.exit`; `run` is the run's address, or "".
 * `isCalm`: a line of it is no quick action of GitLab, which would be done in the name of who posts.
 */
export function bodyOf({ stack, text, exit, run, commit, isFork, isCalm = false }) {
  const marker = markerOf(stack);
  const isPreview = exitCodeOf(exit) !== null && text.startsWith(`${marker}\n`);
  const found = isPreview ? text : `${marker}\n### ${stack}: no preview\n\n⛔ **${whyMissing(exit, run)}**\n`;
  const body = isFork ? asOfFork(found) : isCalm ? withoutQuickActions(found) : found;
  const last = `\n\nCommit ${commit.slice(0, 8)}\n`;
  const whole = closed(body.trimEnd()) + last;
  return whole.length < limit ? whole : cut(body, `\n\n> **Cut** at ${limit} characters.${last}`, limit);
}

function exitCodeOf(exit) {
  return /^\d{1,3}$/.exec(exit.trim())?.[0] ?? null;
}

function whyMissing(exit, run) {
  const where = run === "" ? "the log of the run" : `[the log of the run](${run})`;
  return exit.trim() === notRun
    ? `No preview was made: the job ended before it; see ${where}`
    : `The preview itself failed (exit ${exitCodeOf(exit) ?? "unknown"}); see ${where}`;
}

/** Of a fork, everything in it was written by whoever made it. */
function asOfFork(body) {
  const [marker, ...rest] = body.split("\n");
  const calm = withoutQuickActions(rest.join("\n").replace(/[@#!](?=\w)/g, "$&\u200b"));
  return `${marker}\n> From a fork: this was written by the code of the pull request itself.\n\n${calm}`;
}

function withoutQuickActions(body) {
  return body.replace(/^(\s*)\//gm, "$1\u200b/");
}

/** Whole lines of `text`, closed, and `end` behind them, in less than `limit` characters where `text` was cut to `room`. */
function cut(text, end, room) {
  const lines = text.slice(0, room).replace(/\n[^\n]*$/, "");
  const whole = closed(lines.trimEnd()) + end;
  const over = whole.length - (limit - 1);
  return over <= 0 ? whole : cut(text, end, Math.max(lines.length - over, Math.floor(lines.length / 2)));
}

/** What follows is then neither folded away nor part of a code block or of an HTML comment. */
function closed(text) {
  let fence = "";
  let folds = 0;
  let isComment = false;
  for (const line of text.split("\n")) {
    const mark = isComment ? "" : (/^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "");
    if (fence !== "") {
      if (mark.startsWith(fence) && line.trim() === mark) fence = "";
    } else if (mark !== "") {
      fence = mark;
    } else {
      for (const [tag] of line.matchAll(/<!--|-->|<\/?details\b/gi)) {
        if (tag === "<!--" || tag === "-->") isComment = tag === "<!--";
        else if (!isComment) folds = Math.max(0, folds + (tag.startsWith("</") ? -1 : 1));
      }
    }
  }
  return text + (fence && `\n${fence}`) + (isComment ? "\n-->" : "") + "\n\n</details>".repeat(folds);
}
