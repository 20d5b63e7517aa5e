import { parse } from "yaml";

interface FrontMatter {
  title: string;
  /** Description, tags and keywords, joined. */
  words: string;
  /** The names under which pages include the file, `category/name`, if it is a partial. */
  partial: string | undefined;
  /** The page with its front matter blanked out, so that every line keeps its number. */
  body: string;
  warnings: string[];
}

/** Reads the YAML front matter between the first two `---` lines, if there is any, and blanks it out of the body. */
export function readFrontMatter(text: string): FrontMatter {
  const block = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (block === null) return { title: "", words: "", partial: undefined, body: text, warnings: [] };
  const body = blankOut(block[0]) + text.slice(block[0].length);
  try {
    const value = parse(block[1] ?? "") as Record<string, unknown> | null;
    const words = [value?.["description"], value?.["tags"], value?.["keywords"]].flat();
    const [category, name] = [toText(value?.["partial_category"]), toText(value?.["partial_name"])];
    return {
      title: toText(value?.["title"]),
      words: words.map(toText).join(" "),
      partial: category === "" || name === "" ? undefined : `${category}/${name}`,
      body,
      warnings: [],
    };
  } catch (error) {
    const warnings = [
      `The front matter is not YAML (${(error as Error).message.split("\n")[0] ?? ""}); it was left aside.`,
    ];
    return { title: "", words: "", partial: undefined, body, warnings };
  }
}

/** Replaces every character except line breaks by a blank, so that offsets and line numbers stay the same. */
export function blankOut(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
