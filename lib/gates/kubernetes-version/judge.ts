import { rulesOf, type HighestKubernetes } from "../../plan/rules.js";
import type { Version } from "../../version/version.js";
import { note, type Finding } from "../verdict.js";

/** A Palette release of the hop with the vendor's row for it; null where no row is at or below it. */
export interface Host {
  palette: Version;
  what: "installed" | "target";
  highest: HighestKubernetes | null;
}

/**
 * The cluster's Kubernetes is one that both the installed and the target version may be hosted on, by minor. One past its end
 * of life is a remark; of one whose end is not known nothing is said.
 */
export function judgeKubernetes(server: string, hosts: readonly Host[], now: Date): Finding[] {
  const found = /^v?(\d+)\.(\d+)/.exec(server);
  if (found === null) {
    const message = `Kubernetes answers with version "${server}", which cannot be read, so it cannot be compared.`;
    return [{ outcome: "unknown", code: "KUBERNETES_VERSION_UNREADABLE", member: null, message }];
  }
  const minor = [Number(found[1]), Number(found[2])] as const;
  return [...hosts.flatMap((host) => judgeHost(server, minor, host)), ...judgeEnd(server, minor.join("."), now)];
}

function judgeEnd(server: string, minor: string, now: Date): Finding[] {
  const row = rulesOf("kubernetesEol").find(({ kubernetes }) => kubernetes === minor);
  if (row === undefined || now.toISOString().slice(0, 10) <= row.endOfLife) return [];
  const message =
    `KUBERNETES_END_OF_LIFE: Kubernetes ${server} ended on ${row.endOfLife}, and Palette asks for one that has not. ` +
    "Plan its upgrade between hops, up to what the installed version may be hosted on.";
  return [note(message)];
}

function judgeHost(server: string, minor: readonly [number, number], { palette, what, highest }: Host): Finding[] {
  if (highest === null) {
    const message = `No row of data/kubernetes.json is at or below Palette ${palette} (${what}), so Kubernetes ${server} cannot be judged for it.`;
    return [{ outcome: "unknown", code: "KUBERNETES_ROW_MISSING", member: palette, message }];
  }
  const [major, upTo] = highest.minor.split(".").map(Number) as [number, number];
  if (minor[0] > major || (minor[0] === major && minor[1] > upTo)) {
    const message =
      `Kubernetes is ${server}; Palette ${palette} (${what}) may be hosted on ${highest.highest} at most` +
      `${rowWords(palette, highest)}. Kubernetes does not go back: call the vendor's support, or choose a target that allows it.`;
    return [{ outcome: "fail", code: "KUBERNETES_TOO_NEW", member: palette, message }];
  }
  if (highest.listedFor === palette) return [];
  const message = `Palette ${palette} (${what}) has no row of its own for Kubernetes; judged by ${highest.listedFor}, the nearest lower one (${highest.highest}).`;
  return [note(message, palette)];
}

function rowWords(palette: Version, { listedFor }: HighestKubernetes): string {
  return listedFor === palette ? "" : ` (row of ${listedFor}, the nearest lower one)`;
}
