import type { ClusterProfile } from "../site/types.js";

type Pack = ClusterProfile["packs"][number];

/** Describes line by line what the offered profiles would change. Values are compared, never shown. */
export function describeProfileChanges(
  applied: readonly ClusterProfile[],
  offered: readonly ClusterProfile[],
): string[] {
  return offered.flatMap((profile) => {
    const before = applied.find(({ uid, name }) => (profile.uid === "" ? name === profile.name : uid === profile.uid));
    const packs = describePacks(before?.packs ?? [], profile.packs);
    const from = before === undefined ? "not applied yet" : before.version || "?";
    const head = `profile ${profile.name}: ${from} -> ${profile.version || "?"}`;
    return [head, ...(packs.length === 0 ? ["  no pack differs in version, digest or values"] : packs)];
  });
}

function describePacks(before: readonly Pack[], after: readonly Pack[]): string[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const old = before.find((pack) => pack.name === name);
    const now = after.find((pack) => pack.name === name);
    if (old === undefined) return [`  pack ${name}: added at ${now!.version || "?"}`];
    if (now === undefined) return [`  pack ${name}: removed (was ${old.version || "?"})`];
    return describePackChanges(old, now).map((change) => `  pack ${name}: ${change}`);
  });
}

function describePackChanges(old: Pack, now: Pack): string[] {
  return [
    ...(old.version === now.version ? [] : [`${old.version || "?"} -> ${now.version || "?"}`]),
    ...(old.version === now.version && old.digest !== now.digest && old.digest !== "" && now.digest !== ""
      ? ["same version, other content"]
      : []),
    ...(old.valuesDigest === now.valuesDigest ? [] : ["values differ (not shown)"]),
  ];
}
