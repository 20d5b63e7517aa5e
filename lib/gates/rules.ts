import { chartGateRules } from "./chart-rules.js";
import { type GateRule } from "./verdict/rule.js";
import { type GateName } from "../planning/rules/gate-names.js";

/** Rules of every gate, because each first determines where it runs. */
export const commonRules: readonly GateRule[] = [
  { code: "CLUSTER_MISMATCH", outcome: "fail", meaning: "the cluster is not the one that was enrolled" },
  { code: "NO_INSTALLATION", outcome: "unknown", meaning: "no release of Palette's chart is in the release namespace" },
  {
    code: "TWO_INSTALLATIONS",
    outcome: "fail",
    meaning: "two releases use the same chart of the product",
  },
  { code: "NOTHING_DEPLOYED", outcome: "unknown", meaning: "no revision of Palette's release is deployed" },
  {
    code: "VERSION_AMBIGUOUS",
    outcome: "unknown",
    meaning: "chart version and app version of the deployed revision do not name one Palette version",
  },
  { code: "VERSION_PASSED", outcome: "fail", meaning: "what is installed is newer than the destination" },
  {
    code: "VERSION_NOT_REACHED",
    outcome: "fail",
    meaning: "after the hop another version is deployed than the destination",
  },
  { code: "NOT_APPLICABLE", outcome: "pass", meaning: "this hop does not need the gate, or no release is to move" },
  { code: "NOTE", outcome: "pass", meaning: "a remark; what only warns on this hop keeps its own code in the text" },
  { code: "DEADLINE", outcome: "fail", meaning: "what was waited for was not so in time" },
  { code: "NOT_YET", outcome: "fail", meaning: "a single sample (in a hook) found what a full run would wait for" },
  {
    code: "PATIENCE",
    outcome: "fail",
    meaning: "only other people are waited for, and longer than patience lasts (exit 5)",
  },
  { code: "ACCEPTED", outcome: "pass", meaning: "a person has accepted this reason for this hop (palette:accept)" },
  {
    code: "ACCEPTANCE_VOID",
    outcome: "fail",
    meaning: "this reason cannot be accepted by anybody (data/never-accepted.json)",
  },
  { code: "ACCEPTANCE_EXPIRED", outcome: "fail", meaning: "the acceptance of this reason has run out" },
  {
    code: "FOUR_EYES",
    outcome: "fail",
    meaning: "the one who accepted this reason is the one who runs (palette:fourEyes)",
  },
  { code: "SAMPLE_TIMEOUT", outcome: "unknown", meaning: "one sample took too long; asked again until the deadline" },
  { code: "SITE_UNREACHABLE", outcome: "unknown", meaning: "no connection; asked again until the deadline" },
  { code: "SITE_UNTRUSTED", outcome: "unknown", meaning: "the server's certificate is not trusted" },
  { code: "SITE_ERROR", outcome: "unknown", meaning: "the server failed; asked again until the deadline" },
  { code: "SITE_THROTTLED", outcome: "unknown", meaning: "too many requests; asked again until the deadline" },
  { code: "UNAUTHORIZED", outcome: "unknown", meaning: "the credentials are not accepted" },
  { code: "FORBIDDEN", outcome: "unknown", meaning: "a permission or role is missing" },
  { code: "NOT_FOUND", outcome: "unknown", meaning: "what was asked for is not there" },
  { code: "ANSWER_MALFORMED", outcome: "unknown", meaning: "the answer cannot be read" },
  { code: "GATE_ERROR", outcome: "unknown", meaning: "the gate itself broke; never a pass" },
];

const pcgCoverage: readonly GateRule[] = [
  { code: "TENANTS_NOT_COVERED", outcome: "unknown", meaning: "no tenant is listed, nor said that there is no PCG" },
  { code: "PCG_MISSING", outcome: "unknown", meaning: "a listed PCG is not found" },
  { code: "PCG_NOT_LISTED", outcome: "unknown", meaning: "a PCG is found that is not listed" },
  { code: "PCG_AMBIGUOUS", outcome: "unknown", meaning: "two PCGs of a tenant bear the same name" },
  {
    code: "PCG_NOT_RUNNING",
    outcome: "wait",
    meaning: "state other than Running (Deleting: fail; unheard of: unknown)",
  },
  { code: "PCG_UNHEALTHY", outcome: "wait", meaning: "health is reported as other than Healthy" },
  { code: "PCG_HEALTH_UNKNOWN", outcome: "unknown", meaning: "health is not reported" },
  { code: "PCG_HEARTBEAT_STALE", outcome: "wait", meaning: "the last heartbeat is too old (default 300 s)" },
  { code: "PCG_AGENT_UNKNOWN", outcome: "unknown", meaning: "the agent's version is not reported" },
  { code: "PCG_PAUSED", outcome: "fail", meaning: "updates of this PCG are paused" },
  { code: "TENANT_PAUSED", outcome: "fail", meaning: "the tenant has platform updates paused" },
  { code: "PCG_PAUSE_UNKNOWN", outcome: "unknown", meaning: "whether updates are paused is not reported" },
  {
    code: "PCG_NO_ACCESS",
    outcome: "unknown",
    meaning: "neither the Palette API nor the gateway's own cluster can be asked",
  },
  { code: "PCG_CLUSTER_WRONG", outcome: "fail", meaning: "the gateway's kubeconfig leads to Palette's own cluster" },
  {
    code: "PCG_WORKLOAD_MISSING",
    outcome: "unknown",
    meaning: "a documented Deployment is not on the gateway's cluster",
  },
  { code: "PCG_WORKLOAD_NOT_READY", outcome: "wait", meaning: "a workload on the gateway's cluster is not ready" },
  {
    code: "TENANT_UNSEEN",
    outcome: "unknown",
    meaning: "by kubeconfig alone, gateways that are not listed cannot be seen",
  },
  {
    code: "PCG_HEARTBEAT_UNSEEN",
    outcome: "unknown",
    meaning: "by kubeconfig alone, health and heartbeat cannot be seen",
  },
  { code: "PCG_PAUSE_UNSEEN", outcome: "unknown", meaning: "by kubeconfig alone, a pause cannot be seen" },
  {
    code: "PCG_PROFILE_UPDATES_UNSEEN",
    outcome: "unknown",
    meaning: "by kubeconfig alone, profile updates cannot be seen",
  },
];

/** Rules by gate; those of the MongoDB gates are in their own folders. */
export const gateRules: Partial<Record<GateName, readonly GateRule[]>> = {
  "helm-release": [
    { code: "RELEASE_PENDING", outcome: "wait", meaning: "a pending revision younger than the release time limit" },
    {
      code: "RELEASE_STUCK",
      outcome: "fail",
      meaning: "an older pending revision; names the remedy that fits what runs",
    },
    {
      code: "RELEASE_FAILED",
      outcome: "fail",
      meaning: "a failed revision of which it is not known which hop it belongs to",
    },
    {
      code: "RELEASE_NOT_DEPLOYED",
      outcome: "fail",
      meaning: "the newest revision is neither deployed, pending nor failed",
    },
    { code: "HOP_BEGUN", outcome: "fail", meaning: "a hop to another version was begun; a NOTE when it is this one" },
    {
      code: "SET_HALF_MOVED",
      outcome: "fail",
      meaning: "a release was moved for a newer version; a NOTE when it is this one",
    },
    {
      code: "VALUES_DRIFTED",
      outcome: "fail",
      meaning: "another hand changed a release's values since the installed version was settled",
    },
    { code: "FOREIGN_REVISION", outcome: "pass", meaning: "a NOTE: the deployed revision was made by another hand" },
  ],
  ...chartGateRules,
  rollout: [
    { code: "ROLLOUT_PENDING", outcome: "wait", meaning: "a workload is not rolled out, by its own status" },
    {
      code: "ROLLOUT_STUCK",
      outcome: "fail",
      meaning: "a pod has been in a hopeless state over 300 s, or Kubernetes gave up",
    },
    { code: "NAMESPACE_EMPTY", outcome: "wait", meaning: "a namespace of this version holds no workload" },
  ],
  "kubernetes-version": [
    { code: "KUBERNETES_TOO_NEW", outcome: "fail", meaning: "above the row of the installed or the target version" },
    {
      code: "KUBERNETES_END_OF_LIFE",
      outcome: "pass",
      meaning: "a NOTE: this minor of Kubernetes is past its end of life",
    },
    { code: "KUBERNETES_ROW_MISSING", outcome: "unknown", meaning: "no row is at or below the version" },
    { code: "KUBERNETES_VERSION_UNREADABLE", outcome: "unknown", meaning: "the server's version cannot be read" },
  ],
  "pcg-readiness": [
    ...pcgCoverage,
    {
      code: "PCG_PROFILE_UPDATE_PENDING",
      outcome: "fail",
      meaning: "a profile update waits for a person (CLI-installed PCGs)",
    },
    {
      code: "PCG_VARIABLE_PENDING",
      outcome: "fail",
      meaning: "a variable of a PCG's profile waits for a value (CLI-installed PCGs)",
    },
  ],
  "pcg-catch-up": [
    ...pcgCoverage,
    { code: "ROLLOUT_PENDING", outcome: "wait", meaning: "the clock has not started: the version is not rolled out" },
    {
      code: "PCG_AGENT_UNCHANGED",
      outcome: "wait",
      meaning: "no new agent yet; after 30 minutes: a patch passes, else unknown",
    },
    { code: "PCG_AGENT_SETTLING", outcome: "wait", meaning: "a new agent, but no heartbeat newer than the change" },
    { code: "PCG_PROFILE_UPDATE_PENDING", outcome: "wait", meaning: "a profile update waits for a person" },
    { code: "PCG_VARIABLE_PENDING", outcome: "wait", meaning: "a variable of a PCG's profile waits for a value" },
    {
      code: "PCG_PROFILE_UPDATE_RUNNING",
      outcome: "wait",
      meaning: "an update approved since the version came, seen or not, has not said that it is complete",
    },
    {
      code: "PCG_PROFILE_HISTORY_UNKNOWN",
      outcome: "unknown",
      meaning: "whether an update was approved since the version came cannot be determined",
    },
    {
      code: "PCG_PROFILE_SECOND_LOOK",
      outcome: "wait",
      meaning: "updates are looked at once more a poll after the agent settled",
    },
  ],
  ingress: [
    { code: "ROOT_DOMAIN_UNKNOWN", outcome: "unknown", meaning: "palette:rootDomain is not set" },
    { code: "INGRESS_SERVICE_MISSING", outcome: "wait", meaning: "the Service of the version's ingress is not there" },
    { code: "INGRESS_NO_ADDRESS", outcome: "wait", meaning: "that Service has no load-balancer address" },
    {
      code: "INGRESS_NOT_CUT_OVER",
      outcome: "wait",
      meaning: "the domain is answered otherwise than the ingress answers itself",
    },
    { code: "INGRESS_INDISTINGUISHABLE", outcome: "unknown", meaning: "the old ingress gives the very same answer" },
  ],
  backup: [
    {
      code: "BACKUP_BEFORE_INSTALLED",
      outcome: "fail",
      meaning: "the backup is older than the installed version's deployment",
    },
    {
      code: "BACKUP_TOO_OLD",
      outcome: "fail",
      meaning: "the backup is older than palette:backupMaxAgeHours (default 24 h)",
    },
    { code: "BACKUP_IN_FUTURE", outcome: "fail", meaning: "the record's time lies more than 300 s ahead" },
    {
      code: "BACKUP_COMMAND_FAILED",
      outcome: "unknown",
      meaning: "palette:backupCommand failed or did not end within 120 s",
    },
    { code: "BACKUP_RECORD_INVALID", outcome: "unknown", meaning: "id, location or takenAt is missing or wrong" },
  ],
  window: [
    {
      code: "WINDOW_CLOSED",
      outcome: "wait",
      meaning: "no window with room for the hop is open; fails at once where the next is over 900 s away (exit 5)",
    },
    { code: "WINDOW_TOO_SHORT", outcome: "fail", meaning: "no window of the coming week has room for the hop" },
    { code: "WINDOW_ZONE_UNKNOWN", outcome: "unknown", meaning: "a window's zone is not known here" },
  ],
  promotion: [
    {
      code: "PROMOTION_MISSING",
      outcome: "fail",
      meaning: "the stage before has not taken and proved this hop (exit 5)",
    },
    {
      code: "PROMOTION_TOO_YOUNG",
      outcome: "wait",
      meaning:
        "it has not held for palette:promotionHours (default 24 h); fails at once where over 900 s are left (exit 5)",
    },
    { code: "PROMOTION_OTHER_CHART", outcome: "fail", meaning: "the stage proved the hop with another chart" },
    { code: "PROMOTION_CHART_UNKNOWN", outcome: "unknown", meaning: "the charts cannot be compared" },
    {
      code: "PROMOTION_SIGNATURE",
      outcome: "fail",
      meaning: "the file of verified hops is not signed by palette:promotionKey",
    },
    { code: "PROMOTION_UNREADABLE", outcome: "unknown", meaning: "the verified hops cannot be read" },
    { code: "PROMOTION_AMBIGUOUS", outcome: "unknown", meaning: "a stack and a file are both set" },
  ],
  "own-check": [
    { code: "CHECK_FAILED", outcome: "fail", meaning: "the command ended with another code than 0 and 75" },
    {
      code: "CHECK_NOT_YET",
      outcome: "wait",
      meaning: "the command ended with 75: it is asked again (exit 5 at the end)",
    },
    {
      code: "CHECK_TIMEOUT",
      outcome: "unknown",
      meaning: "the command did not end within its timeoutSeconds and was ended",
    },
    { code: "CHECK_NOT_RUN", outcome: "unknown", meaning: "the command could not be started" },
    { code: "CHECK_UNKNOWN", outcome: "unknown", meaning: "palette:checks has none of that name" },
  ],
  "ingress-exposure": [
    { code: "INGRESS_OWN", outcome: "pass", meaning: "a NOTE: no load-balancer Service serves the domain today" },
    { code: "STATIC_ADDRESS", outcome: "pass", meaning: "a NOTE: today's Service asks for an address by name" },
    { code: "CARRIES_OVER", outcome: "pass", meaning: "a NOTE: a setting of today's Service, and its equivalent" },
    { code: "CARRY_BY_HAND", outcome: "pass", meaning: "a NOTE: a setting of which no equivalent is known here" },
  ],
};
