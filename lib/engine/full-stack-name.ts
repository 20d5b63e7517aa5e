/** A stack as the backend lists it; Pulumi Cloud gives its address. */
interface ListedStack {
  name: string;
  url?: string;
}

/**
 * Returns `organization/project/stack`: by the stack's address in Pulumi Cloud; every other backend has the one
 * organization `organization`. Pure.
 */
export function findFullStackName(given: string, project: string, stacks: readonly ListedStack[]): string {
  const name = given.split("/").at(-1)!;
  const url = stacks.find((each) => each.name === given || each.name.endsWith(`/${given}`))?.url;
  const path = url === undefined ? [] : new URL(url).pathname.split("/").filter((part) => part !== "");
  return `${path.length >= 3 ? path.at(-3)! : "organization"}/${project}/${name}`;
}
