import { type Finding } from "../finding.js";
import { type Context, findMemberConfig, findPrimary, formatMemberLabel } from "./context.js";

/** G17: checks that votes and priorities are those of the set's configuration. */
export function checkVotes(context: Context): Finding[] {
  const { status, config, members } = context;
  if (config?.ok !== 1 || config.members === null) return [];
  // Of other members G04 speaks.
  if (config.members.length !== members.length || members.some((member) => !findMemberConfig(context, member)))
    return [];
  const found: Finding[] = [];
  const voting = config.members.filter((member) => member.votes > 0).length;
  if (status.votingMembersCount !== null && status.votingMembersCount !== voting)
    found.push({
      rule: "G17",
      code: "CONFIG_VOTES",
      member: null,
      outcome: "wait",
      message: `The status counts ${status.votingMembersCount} voting members and the set's configuration has ${voting}, expected the same: wait for the configuration to be known everywhere, and ask for both again.`,
    });
  const primary = findPrimary(members);
  if (primary && findMemberConfig(context, primary)?.priority === 0)
    found.push({
      rule: "G17",
      code: "CONFIG_PRIORITY",
      member: formatMemberLabel(primary.name),
      outcome: "wait",
      message: `${formatMemberLabel(primary.name)} is PRIMARY and has priority 0 in the set's configuration, expected one that can be elected: wait, and ask for both again.`,
    });
  return found;
}
