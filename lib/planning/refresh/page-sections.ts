import { readFrontMatter } from "../matrix/page/front-matter.js";
import { getNodePosition, getNodeText, parsePage, walkNodes } from "../matrix/page/markdown.js";

/** A stretch of a source from one heading to the next. Texts have their white space collapsed. */
export interface PageSection {
  /** The headings over it, the outermost first; none for what stands before the first heading. */
  titles: string[];
  own: string;
  /** With the sections below it. */
  all: string;
}

/** Splits a source into its sections; what is no Markdown is one section. */
export function splitSections(text: string, path: string): PageSection[] {
  const plain = text.replace(/^\ufeff/, "");
  const headings = /\.mdx?$/.test(path) ? listHeadings(plain) : [];
  const starts = [{ start: 0, depth: 0, title: "" }, ...headings];
  return starts.map(({ start, depth }, index) => {
    const next = starts[index + 1]?.start;
    const end = index === 0 ? next : starts.slice(index + 1).find((later) => later.depth <= depth)?.start;
    return {
      titles: index === 0 ? [] : listTitles(starts.slice(1, index + 1)),
      own: collapse(plain.slice(start, next)),
      all: collapse(plain.slice(start, end)),
    };
  });
}

/**
 * Finds the text that a row cites: `introduction`, `whole page`, or headings parted by commas, the outermost first. Of
 * parts that are no headings (tabs, bold lines) the section around them counts. Undefined if the first is none.
 */
export function findCitedText(sections: readonly PageSection[], cited: string): string | undefined {
  if (/^whole (?:page|file)$/.test(cited)) return sections.map(({ own }) => own).join(" ");
  if (cited === "introduction") return sections[0]?.own;
  const parts = cited.split(",").map(plainTitle);
  for (let count = parts.length; count > 0; count--) {
    const found = sections.filter(({ titles }) => matchesTitles(titles, parts.slice(0, count)));
    if (found.length > 0) return found.map(({ all }) => all).join(" ");
  }
  return undefined;
}

function listHeadings(text: string): { start: number; depth: number; title: string }[] {
  const { root } = parsePage(readFrontMatter(text).body);
  return [...walkNodes(root)].flatMap((node) =>
    node.type === "heading"
      ? [{ start: getNodePosition(node).start, depth: node.depth, title: plainTitle(getNodeText(node)) }]
      : [],
  );
}

function listTitles(headings: readonly { depth: number; title: string }[]): string[] {
  const titles: { depth: number; title: string }[] = [];
  for (const heading of headings) {
    while ((titles.at(-1)?.depth ?? 0) >= heading.depth) titles.pop();
    titles.push(heading);
  }
  return titles.map(({ title }) => title);
}

/** True if each part stands in a heading, in their order, and the last one in the section's own. */
function matchesTitles(titles: readonly string[], parts: readonly string[]): boolean {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) return at < titles.length && holdsTitle(titles.at(-1) ?? "", part);
    while (at < titles.length && !holdsTitle(titles[at] ?? "", part)) at++;
    if (at === titles.length) return false;
  }
  return false;
}

/** True if a heading holds the words; `Release 4.9.5` is not in `Release 4.9.51`. */
function holdsTitle(title: string, words: string): boolean {
  const at = title.toLowerCase().indexOf(words.toLowerCase());
  if (at === -1 || words === "") return false;
  return !/\w$/.test(title.slice(0, at)) && !/^(?:\w|\.\d)/.test(title.slice(at + words.length));
}

function plainTitle(text: string): string {
  return collapse(text.replace(/[`*]/g, ""));
}

/** Writes each run of white space as one blank. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
