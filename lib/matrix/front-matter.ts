import { parse } from "yaml";

export interface FrontMatter {
  title: string;
  /** Description, tags and keywords, joined. */
  words: string;
  /** The page with its front matter blanked out, so that every line keeps its number. */
  body: string;
  warnings: string[];
}

/** Parts a page from the YAML between its first two `---` lines, if it has such. */
export function readFrontMatter(text: string): FrontMatter {
  const block = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (block === null) return { title: "", words: "", body: text, warnings: [] };
  const body = blank(block[0]) + text.slice(block[0].length);
  try {
    const value = parse(block[1] ?? "") as Record<string, unknown> | null;
    const words = [value?.["description"], value?.["tags"], value?.["keywords"]].flat();
    return { title: asText(value?.["title"]), words: words.map(asText).join(" "), body, warnings: [] };
  } catch (error) {
    const warnings = [
      `The front matter is not YAML (${(error as Error).message.split("\n")[0] ?? ""}); it was left aside.`,
    ];
    return { title: "", words: "", body, warnings };
  }
}

/** The same number of characters and lines, but nothing except blanks. */
export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
