import { readFrontMatter } from "../matrix/page/front-matter.js";
import { parsePage } from "../matrix/page/markdown.js";

/** A partial as a snapshot holds it at one commit. */
export interface PartialFile {
  path: string;
  text: string;
}

/** What a page includes: a partial by the names in its front matter, or by its path. */
export type Include = { tag: string } & ({ category: string; name: string } | { path: string });

/** A partial that a page includes, by itself or through another; `file` is undefined where the snapshot has none. */
export interface IncludedPartial {
  label: string;
  /** The tag of the page through which it comes in, white space collapsed. */
  tag: string;
  file: PartialFile | undefined;
}

/** Lists the partials that a page includes; not those in comments and code. */
export function listIncludes(text: string): Include[] {
  return parsePage(readFrontMatter(text).body).pieces.flatMap(
    ({ kind, name, attributes, text: written }): Include[] => {
      const tag = written.replace(/\s+/g, " ");
      if (kind === "module")
        return [...written.matchAll(/["'](?:[^"']*\/)?(_partials\/[^"']+)["']/g)].flatMap(([, path]) =>
          path === undefined ? [] : [{ tag, path }],
        );
      if (name !== "PartialsComponent" || kind === "close") return [];
      return [{ tag, category: attributes["category"] ?? "", name: attributes["name"] ?? "" }];
    },
  );
}

/** Collects what a page includes, and what that includes, each once by the tag of the page. */
export function collectPartials(text: string, partials: readonly PartialFile[]): IncludedPartial[] {
  const collect = (include: Include, seen: readonly string[]): IncludedPartial[] => {
    const label = describeInclude(include);
    if (seen.includes(label)) return [];
    const file = partials.find((each) => isIncluded(each, include));
    const below = file === undefined ? [] : listIncludes(file.text);
    const inner = below.flatMap((each) => collect({ ...each, tag: include.tag }, [...seen, label]));
    return [{ label, tag: include.tag, file }, ...inner];
  };
  return listIncludes(text).flatMap((include) => collect(include, []));
}

function describeInclude(include: Include): string {
  return "path" in include ? include.path : `${include.category}/${include.name}`;
}

/** The site finds a partial by its front matter: the file may have another name. */
function isIncluded({ path, text }: PartialFile, include: Include): boolean {
  if ("path" in include) return path === include.path;
  return readFrontMatter(text).partial === describeInclude(include);
}
