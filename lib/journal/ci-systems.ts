type Environment = Readonly<Record<string, string | undefined>>;

/** How a CI system tells of a job. Environment entries' names, from each system's own reference. */
export interface CiSystem {
  name: string;
  /** Set in every job of it. */
  when: string;
  project: string;
  run: string;
  /** Whom the job runs for: the one that is shown first, then every other name of a person who set it going. */
  persons: readonly [string, ...string[]];
}

const systems: readonly CiSystem[] = [
  {
    name: "github",
    when: "GITHUB_ACTIONS",
    project: "GITHUB_REPOSITORY",
    run: "GITHUB_RUN_ID",
    persons: ["GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR"],
  },
  {
    name: "gitlab",
    when: "GITLAB_CI",
    project: "CI_PROJECT_PATH",
    run: "CI_JOB_ID",
    persons: ["GITLAB_USER_LOGIN", "GITLAB_USER_NAME", "GITLAB_USER_EMAIL"],
  },
  {
    name: "azure",
    when: "TF_BUILD",
    project: "BUILD_REPOSITORY_NAME",
    run: "BUILD_BUILDID",
    persons: ["BUILD_REQUESTEDFOREMAIL", "BUILD_REQUESTEDFOR"],
  },
  {
    name: "bitbucket",
    when: "BITBUCKET_BUILD_NUMBER",
    project: "BITBUCKET_REPO_FULL_NAME",
    run: "BITBUCKET_BUILD_NUMBER",
    persons: ["BITBUCKET_STEP_TRIGGERER_UUID"],
  },
  {
    name: "circleci",
    when: "CIRCLECI",
    project: "CIRCLE_PROJECT_REPONAME",
    run: "CIRCLE_BUILD_NUM",
    persons: ["CIRCLE_USERNAME"],
  },
  {
    name: "buildkite",
    when: "BUILDKITE",
    project: "BUILDKITE_PIPELINE_SLUG",
    run: "BUILDKITE_BUILD_NUMBER",
    persons: [
      "BUILDKITE_BUILD_CREATOR",
      "BUILDKITE_BUILD_CREATOR_EMAIL",
      "BUILDKITE_UNBLOCKER",
      "BUILDKITE_UNBLOCKER_EMAIL",
    ],
  },
  {
    name: "jenkins",
    when: "JENKINS_URL",
    project: "JOB_NAME",
    run: "BUILD_NUMBER",
    persons: ["BUILD_USER_ID", "BUILD_USER", "BUILD_USER_EMAIL"],
  },
];

/** Every entry of any system that names a person. */
export const personEntries: readonly string[] = systems.flatMap(({ persons }) => persons);

/** The system that this job is of; "unknown" where only `CI` says that it is one; null outside CI. */
export function ciSystemOf(environment: Environment): CiSystem | "unknown" | null {
  const isSet = (key: string): boolean => !["", "false", undefined].includes(environment[key]);
  return systems.find(({ when }) => isSet(when)) ?? (isSet("CI") ? "unknown" : null);
}
