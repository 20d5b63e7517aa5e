/** URNs of Pulumi's resources: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */

export const stackType = "pulumi:pulumi:Stack";

interface UrnParts {
  stack: string;
  project: string;
  qualifiedType: string;
  name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [head = "", project = "", qualifiedType = "", ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, qualifiedType, name: name.join("::") };
}

/** Builds the URN of a resource; the stack as parent does not appear in it. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** An alias as a program gives it: a whole URN, or the parts that differ from the resource's own. */
export interface Alias {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parent?: string;
  noParent?: boolean;
}

/** Lists the URNs a resource may have had before. `renamed` maps a parent that was found by an alias to its old URN. */
export function listAliasUrns(
  own: { stack: string; project: string; parent: string; type: string; name: string },
  aliases: readonly Alias[],
  renamed: ReadonlyMap<string, string>,
): string[] {
  const direct = aliases.map((alias) => {
    if (alias.urn !== undefined) return alias.urn;
    const stated =
      alias.parent !== undefined && alias.parent !== "" ? (renamed.get(alias.parent) ?? alias.parent) : own.parent;
    const parent = alias.noParent === true ? "" : stated;
    return makeUrn(
      alias.stack ?? own.stack,
      alias.project ?? own.project,
      parent,
      alias.type ?? own.type,
      alias.name ?? own.name,
    );
  });
  const oldParent = renamed.get(own.parent);
  if (oldParent === undefined) return [...new Set(direct)];
  const parentName = parseUrn(own.parent).name;
  const name = own.name.startsWith(parentName)
    ? parseUrn(oldParent).name + own.name.slice(parentName.length)
    : own.name;
  return [...new Set([...direct, makeUrn(own.stack, own.project, oldParent, own.type, name)])];
}
