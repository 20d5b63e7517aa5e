type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variables with which a CI system describes a job, from the reference of each system. */
interface CiSystem {
  name: string;
  /** Variable that is set in every job of this system. */
  when: string;
  project: string;
  run: string;
  /** Variables that name the person the job runs for: first the one that is shown, then all others. */
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

/** All variables of all systems that name a person. */
export const personEntries: readonly string[] = systems.flatMap(({ persons }) => persons);

/** Detects the CI system of this job; "unknown" if only `CI` is set; null outside CI. */
export function detectCiSystem(environment: Environment): CiSystem | "unknown" | null {
  const isSet = (key: string): boolean => !["", "false", undefined].includes(environment[key]);
  return systems.find(({ when }) => isSet(when)) ?? (isSet("CI") ? "unknown" : null);
}
