import { loadRules, type HighestKubernetes } from "../../planning/rules/rules.js";
import type { Version } from "../../planning/version/version.js";
import { createNote, type Finding } from "../verdict/findings.js";

/** Highest Kubernetes version for one Palette release of the hop; null if no vendor row is at or below the release. */
export interface KubernetesRequirement {
  palette: Version;
  what: "installed" | "target";
  highest: HighestKubernetes | null;
}

/**
 * Judges whether the installed and the target version both support the cluster's Kubernetes, by minor version. A minor
 * past its end of life gives a note; if its end of life is unknown, there is none.
 */
export function judgeKubernetes(server: string, requirements: readonly KubernetesRequirement[], now: Date): Finding[] {
  const found = /^v?(\d+)\.(\d+)/.exec(server);
  if (found === null) {
    const message = `Kubernetes answers with version "${server}", which cannot be read, so it cannot be compared.`;
    return [{ outcome: "unknown", code: "KUBERNETES_VERSION_UNREADABLE", member: null, message }];
  }
  const minor = [Number(found[1]), Number(found[2])] as const;
  return [
    ...requirements.flatMap((requirement) => judgeRequirement(server, minor, requirement)),
    ...judgeEndOfLife(server, minor.join("."), now),
  ];
}

function judgeEndOfLife(server: string, minor: string, now: Date): Finding[] {
  const row = loadRules("kubernetes-eol").find(({ kubernetes }) => kubernetes === minor);
  if (row === undefined || now.toISOString().slice(0, 10) <= row.endOfLife) return [];
  const message =
    `KUBERNETES_END_OF_LIFE: Kubernetes ${server} ended on ${row.endOfLife}, and Palette asks for one that has not. ` +
    "Plan its upgrade between hops, up to what the installed version may be hosted on.";
  return [createNote(message)];
}

function judgeRequirement(
  server: string,
  minor: readonly [number, number],
  { palette, what, highest }: KubernetesRequirement,
): Finding[] {
  if (highest === null) {
    const message = `No row of data/kubernetes.json is at or below Palette ${palette} (${what}), so Kubernetes ${server} cannot be judged for it.`;
    return [{ outcome: "unknown", code: "KUBERNETES_ROW_MISSING", member: palette, message }];
  }
  const [major, upTo] = highest.minor.split(".").map(Number) as [number, number];
  if (minor[0] > major || (minor[0] === major && minor[1] > upTo)) {
    const message =
      `Kubernetes is ${server}; Palette ${palette} (${what}) may be hosted on ${highest.highest} at most` +
      `${describeNearestRow(palette, highest)}. Kubernetes does not go back: call the vendor's support, or choose a target that allows it.`;
    return [{ outcome: "fail", code: "KUBERNETES_TOO_NEW", member: palette, message }];
  }
  if (highest.listedFor === palette) return [];
  const message = `Palette ${palette} (${what}) has no row of its own for Kubernetes; judged by ${highest.listedFor}, the nearest lower one (${highest.highest}).`;
  return [createNote(message, palette)];
}

function describeNearestRow(palette: Version, { listedFor }: HighestKubernetes): string {
  return listedFor === palette ? "" : ` (row of ${listedFor}, the nearest lower one)`;
}
