import type { ReleaseRow } from "../../planning/rules/types.js";

/** A file or folder whose name matches a release's chart. */
export interface Candidate {
  path: string;
  /** Version in the name; null for an unpacked chart, whose version is in its Chart.yaml. */
  version: string | null;
}

/** Lists folder, name prefix and name suffix of each of a row's archives. */
function listArchivePatterns(row: ReleaseRow): { folder: string; prefix: string; suffix: string }[] {
  return row.archives.map((archive) => {
    const cut = archive.lastIndexOf("/") + 1;
    const [prefix = "", suffix = ""] = archive.slice(cut).split("*");
    return { folder: archive.slice(0, cut), prefix, suffix };
  });
}

/**
 * Finds those of `paths` (relative to an archive's chart folder) that may be the packed chart of `row`, in the vendor's
 * layout or, with `loose`, directly in the folder. The rest of the name has to begin like a version:
 * `cert-manager-csi-1.0.0.tgz` is another chart.
 */
export function findPackedCandidates(paths: readonly string[], row: ReleaseRow, loose = false): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { folder, prefix, suffix } of listArchivePatterns(row)) {
    const start = loose ? prefix : `${folder}${prefix}`;
    for (const path of paths) {
      const rest = path.slice(start.length);
      const fits = path.startsWith(start) && path.endsWith(suffix) && isVersionLike(rest) && !rest.includes("/");
      if (fits) found.set(path, { path, version: rest.slice(0, -suffix.length) });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Finds those of `folders` that may be an unpacked chart of `row`. */
export function findUnpackedCandidates(folders: readonly string[], row: ReleaseRow): Candidate[] {
  return listArchivePatterns(row)
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
