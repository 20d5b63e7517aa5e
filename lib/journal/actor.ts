import { hostname, userInfo } from "node:os";
import { actorVariable } from "../accept/runner-names.js";
import { type Actor } from "./types.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a CI system tells who a job runs for: the first row whose `when` is set. */
const systems: { name: string; when: string; project: string; run: string; person: string }[] = [
  {
    name: "github",
    when: "GITHUB_ACTIONS",
    project: "GITHUB_REPOSITORY",
    run: "GITHUB_RUN_ID",
    person: "GITHUB_ACTOR",
  },
  { name: "gitlab", when: "GITLAB_CI", project: "CI_PROJECT_PATH", run: "CI_JOB_ID", person: "GITLAB_USER_LOGIN" },
  {
    name: "azure",
    when: "TF_BUILD",
    project: "BUILD_REPOSITORY_NAME",
    run: "BUILD_BUILDID",
    person: "BUILD_REQUESTEDFOREMAIL",
  },
  {
    name: "bitbucket",
    when: "BITBUCKET_BUILD_NUMBER",
    project: "BITBUCKET_REPO_FULL_NAME",
    run: "BITBUCKET_BUILD_NUMBER",
    person: "BITBUCKET_STEP_TRIGGERER_UUID",
  },
  {
    name: "circleci",
    when: "CIRCLECI",
    project: "CIRCLE_PROJECT_REPONAME",
    run: "CIRCLE_BUILD_NUM",
    person: "CIRCLE_USERNAME",
  },
  {
    name: "buildkite",
    when: "BUILDKITE",
    project: "BUILDKITE_PIPELINE_SLUG",
    run: "BUILDKITE_BUILD_NUMBER",
    person: "BUILDKITE_BUILD_CREATOR",
  },
  { name: "jenkins", when: "JENKINS_URL", project: "JOB_NAME", run: "BUILD_NUMBER", person: "BUILD_USER_ID" },
];

/** Who runs: machine and user (and for whom, where PALETTE_ACTOR tells), and in CI what the job says of itself. Pure. */
export function actorOf(environment: Environment, machine: { user: string; host: string }): Actor {
  const { user, host } = machine;
  const named = environment[actorVariable] ? `${environment[actorVariable]} (as ${user})` : user;
  const system = systems.find(({ when }) => isSet(environment, when));
  if (system === undefined) return { user: named, host, ci: isSet(environment, "CI") ? "ci: not known which" : null };
  const part = (key: string): string => environment[key] || "not told";
  const ci = `${system.name}: ${part(system.project)}, run ${part(system.run)}, actor ${part(system.person)}`;
  return { user: named, host, ci };
}

/** This machine's part of an actor. */
export function thisMachine(): { user: string; host: string } {
  return { user: userName(), host: hostname() };
}

/** A container's user may have no entry of its own. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "not known"}`;
  }
}

function isSet(environment: Environment, key: string): boolean {
  const value = environment[key];
  return value !== undefined && value !== "" && value !== "false";
}
