import { compareVersions, type Version } from "../version/version.js";
import type { Inquiry } from "./question.js";
import { closeTo, type RefusalFacts } from "./refusal-facts.js";
import { pairOf, sentence, whatNext, whatRefuses, type RefusalStory } from "./refusal-words.js";
import { goalsOf, neighbours } from "./target.js";
import { areOrIs, inWords } from "./wording.js";

/** A question that no rows could answer. */
export interface Fault {
  code: string;
  /** What `gatherFacts` takes for the target. */
  goals: Version[];
  facts: Partial<RefusalFacts>;
  message(story: RefusalStory): string;
}

/** A fault of the question itself, whatever the roads: a downgrade, or a version the matrix does not know; else null. */
export function faultOf(inquiry: Inquiry): Fault | null {
  const { from, target, graph, matrix } = inquiry;
  const listed = goalsOf(target, graph.versions);
  const wanted = target.exact === null ? listed : [target.exact];
  const highest = wanted.at(-1);
  if (highest === undefined) return emptyRange(inquiry);
  if (compareVersions(highest, from) < 0) {
    return {
      code: "DOWNGRADE",
      goals: wanted,
      facts: {},
      message: () =>
        `The way from ${from} to ${target.exact ?? `"${target.text}" (at most ${highest})`} is a downgrade, which Palette does not support in ${matrix.id} or anywhere: ask for a version above ${from}, or restore the backup that was taken at ${highest}.`,
    };
  }
  const goals = wanted.filter((goal) => compareVersions(goal, from) >= 0);
  if (inquiry.source < 0) return unknownSource(inquiry, goals);
  if (target.exact !== null && listed.length === 0) return unknownTarget(inquiry, target.exact);
  return null;
}

function emptyRange({ from, target, graph, matrix }: Inquiry): Fault {
  const above = graph.versions.filter((version) => compareVersions(version, from) > 0);
  const offer =
    above.length === 0
      ? `it lists nothing above ${from}; use the matrix of a newer page`
      : `above ${from} it lists ${inWords(above)}; ask for one of these, or use the matrix of a page that lists more`;
  const message = (story: RefusalStory): string =>
    sentence(
      `No release that ${matrix.id} lists fits the target "${target.text}" asked for from ${from}`,
      story.others.some((other) => other.valid) ? whatNext(story) : offer,
    );
  return { code: "TARGET_RANGE_EMPTY", goals: [], facts: {}, message };
}

function unknownSource(inquiry: Inquiry, goals: Version[]): Fault {
  const { from, graph } = inquiry;
  const [oldest, newest] = [graph.versions[0], graph.versions.at(-1)];
  const fault = { goals, facts: {} };
  if (oldest !== undefined && compareVersions(from, oldest) < 0) {
    return { ...fault, code: "SOURCE_TOO_OLD", message: (story) => tooOld(story, oldest) };
  }
  if (newest !== undefined && compareVersions(from, newest) > 0) {
    return { ...fault, code: "SOURCE_TOO_NEW", message: (story) => tooNew(story, newest) };
  }
  return { ...fault, code: "SOURCE_UNKNOWN", message: notListed };
}

function tooOld(story: RefusalStory, oldest: Version): string {
  const { from, matrix } = story.inquiry;
  return sentence(
    `${from} is older than anything ${matrix.id} lists (from ${oldest} on), so no supported road leads from ${pairOf(story.inquiry)}`,
    whatRefuses(story),
    `ask the vendor's support how to get from ${from} to ${oldest} or later`,
  );
}

function tooNew(story: RefusalStory, newest: Version): string {
  const { from, matrix } = story.inquiry;
  return sentence(
    `${from} is newer than anything ${matrix.id} lists (up to ${newest}), so no supported road leads from ${pairOf(story.inquiry)}`,
    story.others.some((other) => other.valid)
      ? whatNext(story)
      : "use the matrix of a newer page, or import one with `palette-upgrade matrix import`",
  );
}

function notListed(story: RefusalStory): string {
  const { from, matrix, graph } = story.inquiry;
  const nearest = neighbours(from, graph.versions);
  return sentence(
    `${from} is not listed in ${matrix.id}, so no supported road leads from ${pairOf(story.inquiry)}`,
    nearest.length === 0 ? "" : `the nearest listed releases are ${inWords(nearest)}, which are other releases`,
    whatRefuses(story),
    `check the installed version; if it is right, ${whatNext(story)}`,
  );
}

function unknownTarget(inquiry: Inquiry, target: Version): Fault {
  const { from, graph, matrix } = inquiry;
  const nearest = neighbours(target, graph.versions);
  const newest = graph.versions.at(-1)!;
  const age = compareVersions(target, newest) > 0 ? ` and newer than anything in it (up to ${newest})` : "";
  return {
    code: "TARGET_UNKNOWN",
    goals: [target],
    facts: { nearMisses: closeTo(target, graph.versions) },
    message: (story) =>
      sentence(
        `${target} is not listed in ${matrix.id}${age}, so no supported road leads from ${from} to ${target}`,
        `the nearest listed ${nearest.length === 1 ? "release" : "releases"} ${areOrIs(nearest)} ${inWords(nearest)}`,
        story.others.some((other) => other.valid)
          ? whatNext(story)
          : "ask for a listed one, or use the matrix of a page that lists it",
      ),
  };
}
