import type { ReleaseRow } from "../plan/rules-types.js";

/** A file or folder name that fits a release's chart. */
export interface Candidate {
  path: string;
  /** As the name tells it; null for an unpacked chart, whose Chart.yaml tells. */
  version: string | null;
}

/** The folder and the name's beginning and end of each of a row's archives. */
function patternsOf(row: ReleaseRow): { folder: string; prefix: string; suffix: string }[] {
  return row.archives.map((archive) => {
    const cut = archive.lastIndexOf("/") + 1;
    const [prefix = "", suffix = ""] = archive.slice(cut).split("*");
    return { folder: archive.slice(0, cut), prefix, suffix };
  });
}

/**
 * Which of `paths` (relative to an archive's chart folder) are the packed chart of `row`, in the vendor's layout or, with
 * `loose`, lying there flat. The rest of the name has to begin like a version: `cert-manager-csi-1.0.0.tgz` is another chart.
 */
export function packedCandidates(paths: readonly string[], row: ReleaseRow, loose = false): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { folder, prefix, suffix } of patternsOf(row)) {
    const start = loose ? prefix : `${folder}${prefix}`;
    for (const path of paths) {
      const rest = path.slice(start.length);
      const fits = path.startsWith(start) && path.endsWith(suffix) && isVersionLike(rest) && !rest.includes("/");
      if (fits) found.set(path, { path, version: rest.slice(0, -suffix.length) });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Which of `folders` may be an unpacked chart of `row`. */
export function unpackedCandidates(folders: readonly string[], row: ReleaseRow): Candidate[] {
  return patternsOf(row)
    .flatMap(({ folder, prefix }) =>
      folders.filter((path) => {
        const rest = path.slice(folder.length + prefix.length);
        return path.startsWith(`${folder}${prefix}`) && isVersionLike(rest) && !rest.includes("/");
      }),
    )
    .sort()
    .map((path) => ({ path, version: null }));
}

function isVersionLike(text: string): boolean {
  return /^v?\d/.test(text);
}
