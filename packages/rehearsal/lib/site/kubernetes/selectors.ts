/** The fields of an object that selectors read. */
export interface Selectable {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  type?: unknown;
}

/** True if the object matches a label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`. */
export function hasMatchingLabels(object: Selectable, selector: string | null): boolean {
  const labels = object.metadata.labels ?? {};
  return parseRequirements(selector).every((requirement) => isRequirementMet(labels, requirement));
}

/** True if the object matches a field selector over `metadata.name`, `metadata.namespace` and `type`. */
export function hasMatchingFields(object: Selectable, selector: string | null): boolean {
  return parseRequirements(selector).every((requirement) => {
    const match = /^([\w.]+)(=|==|!=)(.*)$/.exec(requirement);
    if (!match) return false;
    const fields: Record<string, unknown> = {
      "metadata.name": object.metadata.name,
      "metadata.namespace": object.metadata.namespace,
      type: object.type,
    };
    return (fields[match[1]!] === match[3]) !== (match[2] === "!=");
  });
}

/** Splits a selector at the commas that are not in brackets. */
function parseRequirements(selector: string | null): string[] {
  if (selector === null || selector.trim() === "") return [];
  return selector.split(/,(?![^()]{0,1000}\))/).map((part) => part.trim());
}

function isRequirementMet(labels: Record<string, string>, requirement: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(requirement);
  if (set) {
    const value = labels[set[1]!];
    const listed = value !== undefined && set[3]!.split(",").some((option) => option.trim() === value);
    return listed === (set[2] === "in");
  }
  const compared = /^([^=!\s]+)\s{0,99}(==?|!=)\s{0,99}(.*)$/.exec(requirement);
  if (compared) return (labels[compared[1]!] === compared[3]) !== (compared[2] === "!=");
  if (requirement.startsWith("!")) return !(requirement.slice(1) in labels);
  return requirement in labels;
}
