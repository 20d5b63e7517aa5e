import { type Source } from "../../planning/rules/site-facts.js";
import { defaultGateSettings } from "../../settings/gate-settings.js";
import { type RuleChapter } from "../verdict/rule.js";
import { twoPrimariesSeconds } from "./rules/set.js";
import { settleSeconds } from "./rules/time.js";

const { maxLagSeconds, samples, intervalSeconds, downtimeSeconds } = defaultGateSettings.mongo;

const status: Source = {
  repository: "mongodb/mongo",
  path: "src/mongo/db/repl/topology_coordinator.cpp",
  commit: "0178cdf2",
};
const member: Source = { repository: "mongodb/mongo", path: "src/mongo/db/repl/member_data.cpp", commit: "0b1bd1ac" };
const manual: Source = {
  repository: "mongodb/docs",
  path: "source/reference/command/replSetGetStatus.txt",
  commit: "015ee7e7",
};
const operator: Source = {
  repository: "percona/percona-server-mongodb-operator",
  path: "pkg/controller/perconaservermongodb/smart.go",
  commit: "b15af500",
};
const probes: Source = {
  repository: "mongodb/mongodb-kubernetes",
  path: "mongodb-community-operator/cmd/readiness/main.go",
  commit: "67a92993",
};
const diagnosis: Source = {
  repository: "spectrocloud/librarium",
  path: "docs/docs-content/troubleshooting/palette-upgrade.md",
  commit: "00242346",
};

/** What the gate mongo-replica-set demands, by rule, and of the cluster around it. */
export const replicaSetRules: readonly RuleChapter[] = [
  {
    id: "G01",
    demands: "one whole answer of every member, between this call's marks",
    rules: [
      { code: "NO_DOCUMENT", outcome: "wait", meaning: "the answer holds no document of this call (saved: unknown)" },
      { code: "SEVERAL_DOCUMENTS", outcome: "wait", meaning: "it holds more than one (saved: unknown)" },
      { code: "UNREADABLE", outcome: "wait", meaning: "it is cut, garbled or not of its form (saved: unknown)" },
      { code: "MEMBER_SILENT", outcome: "wait", meaning: "a member's container is not running, so it was not asked" },
      { code: "NO_ANSWER", outcome: "wait", meaning: "no member answered; what else was seen says why" },
      {
        code: "MONGO_URI_INVALID",
        outcome: "unknown",
        meaning: "the external MongoDB's connection string is missing or not valid",
      },
    ],
    sources: [operator],
  },
  {
    id: "G02",
    demands: "ok 1 of replSetGetStatus, hello and replSetGetConfig",
    rules: [
      { code: "OK_MISSING", outcome: "unknown", meaning: "a reply does not say that it succeeded, or is not there" },
      {
        code: "COMMAND_FAILED",
        outcome: "fail",
        meaning: "13, 18, 76, 93, 94; network and time limits wait; others (Atlas 8000) are unknown",
      },
    ],
    sources: [manual],
  },
  {
    id: "G03",
    demands: "one and the same set in all replies, and the member that was asked",
    rules: [
      {
        code: "SET_NAME",
        outcome: "fail",
        meaning: "the replies name different sets, or another than the connection string",
      },
      { code: "WRONG_MEMBER", outcome: "fail", meaning: "the answer is another member's than the one asked" },
    ],
    sources: [status],
  },
  {
    id: "G04",
    demands: "the members expected, by the StatefulSet or connection string and by the set's configuration",
    rules: [
      {
        code: "MEMBER_COUNT",
        outcome: "wait",
        meaning: "another number of members; fail after one interval (saved: fail)",
      },
      { code: "MEMBER_MISSING", outcome: "wait", meaning: "configured and not in the status; fail after one interval" },
      {
        code: "MEMBER_UNEXPECTED",
        outcome: "wait",
        meaning: "in the status and not so configured; fail after one interval",
      },
      { code: "MEMBER_TWICE", outcome: "unknown", meaning: "the reply lists a member or itself twice" },
      { code: "MEMBERS_MISSING", outcome: "unknown", meaning: "the reply lists no member at all" },
      {
        code: "MEMBER_NOT_NAMED",
        outcome: "unknown",
        meaning: "a member with data that the connection string does not name",
      },
    ],
    sources: [status],
  },
  {
    id: "G05",
    demands: "exactly one PRIMARY, the same one and the same term for every member asked",
    rules: [
      { code: "NO_PRIMARY", outcome: "wait", meaning: "no member is PRIMARY" },
      {
        code: "TWO_PRIMARIES",
        outcome: "wait",
        meaning: `more than one; fail when the last election is over ${twoPrimariesSeconds} s ago`,
      },
      { code: "PRIMARY_DISAGREEMENT", outcome: "wait", meaning: "members, or status and hello, name different ones" },
      { code: "TERM_DISAGREEMENT", outcome: "wait", meaning: "members tell different terms" },
      { code: "PRIMARY_SILENT", outcome: "wait", meaning: "the PRIMARY itself gave no answer, and it decides" },
    ],
    sources: [status, diagnosis],
  },
  {
    id: "G06",
    demands: "every other member SECONDARY, or ARBITER where so configured",
    rules: [
      {
        code: "MEMBER_STATE",
        outcome: "wait",
        meaning: "any other state; fail for one that no waiting heals, unknown for none",
      },
    ],
    sources: [status, probes],
  },
  {
    id: "G07",
    demands: "health 1 of every member",
    rules: [
      { code: "MEMBER_HEALTH", outcome: "wait", meaning: "its last heartbeat failed, or it was never heard from" },
    ],
    sources: [member, diagnosis],
  },
  {
    id: "G08",
    demands: "nothing that only the member itself knows against it",
    rules: [
      { code: "INITIAL_SYNC", outcome: "wait", meaning: "it is being filled; tells how far, where the server does" },
      { code: "TOO_STALE", outcome: "fail", meaning: "it cannot catch up any more" },
      { code: "MAINTENANCE_MODE", outcome: "wait", meaning: "somebody put it into maintenance" },
      { code: "AUTHENTICATION", outcome: "fail", meaning: "it is not authenticated to the others" },
    ],
    sources: [status],
  },
  {
    id: "G09",
    demands: "no complaint in a heartbeat",
    rules: [{ code: "HEARTBEAT_MESSAGE", outcome: "wait", meaning: "a heartbeat came back with a message" }],
    sources: [member],
  },
  {
    id: "G10",
    demands: "heartbeats both ways within three intervals (6 s)",
    rules: [
      {
        code: "HEARTBEAT_AGE",
        outcome: "wait",
        meaning: "older, or never: a frozen member keeps state and health for 10 s",
      },
      { code: "DATE_MISSING", outcome: "unknown", meaning: "the reply has no date to reckon from" },
    ],
    sources: [member],
  },
  {
    id: "G11",
    demands: `data within ${maxLagSeconds} s of the primary's (default; plus a delayed member's delay)`,
    rules: [{ code: "LAG", outcome: "wait", meaning: "further behind, or it does not report" }],
    sources: [manual, diagnosis],
  },
  {
    id: "G12",
    demands: "the same configuration on every member",
    rules: [
      { code: "CONFIG_VERSION", outcome: "wait", meaning: "a member runs another version of it" },
      { code: "CONFIG_TERM", outcome: "wait", meaning: "another term, usual for a heartbeat (saved: a NOTE)" },
    ],
    sources: [status],
  },
  {
    id: "G13",
    demands: "majority writes, and their commit point moving",
    rules: [
      {
        code: "NO_WRITE_MAJORITY",
        outcome: "wait",
        meaning: "fewer healthy members with data than a majority write needs",
      },
      { code: "MAJORITY_LAG", outcome: "wait", meaning: `the majority is over ${maxLagSeconds} s behind the primary` },
    ],
    sources: [manual, diagnosis],
  },
  {
    id: "G14",
    demands: `an election ${settleSeconds.election} s ago or more, every member up for ${settleSeconds.uptime} s`,
    rules: [{ code: "SETTLING", outcome: "wait", meaning: "the set has not settled yet (saved: a NOTE)" }],
    sources: [],
  },
  {
    id: "G15",
    demands: `${samples} passing samples in a row, ${intervalSeconds} s apart (default), same primary, term and configuration`,
    rules: [{ code: "DEADLINE", outcome: "fail", meaning: "it was not so in time" }],
    sources: [],
  },
  {
    id: "G16",
    demands: "room to take members down one by one; remarked on, unless palette:mongoStrict lets it block",
    rules: [
      { code: "SINGLE_MEMBER", outcome: "fail", meaning: "one member: its restart is an outage" },
      { code: "FEW_DATA_MEMBERS", outcome: "fail", meaning: "fewer than three members with data" },
      { code: "NO_SPARE_WRITER", outcome: "fail", meaning: "majority writes wait while one is down" },
      { code: "NO_SPARE_VOTE", outcome: "fail", meaning: "no election succeeds while one is down" },
      {
        code: "OPLOG_SHORT",
        outcome: "fail",
        meaning: `an oplog reaches less far back than a member may be away (default ${downtimeSeconds} s)`,
      },
      { code: "OPLOG_UNKNOWN", outcome: "unknown", meaning: "a member does not report how far its oplog reaches" },
      {
        code: "BACKUP_RUNNING",
        outcome: "wait",
        meaning: "mongodump, mongorestore, fsyncLock or an open backup cursor",
      },
      { code: "BACKUP_UNKNOWN", outcome: "unknown", meaning: "a member does not report whether one runs" },
    ],
    sources: [operator],
  },
  {
    id: "live",
    demands: "what the vendor's own diagnosis looks at around the set",
    rules: [
      { code: "ARBITER_VIEW", outcome: "unknown", meaning: "an arbiter answered, which knows nothing of data" },
      {
        code: "EDITION_MISMATCH",
        outcome: "fail",
        meaning: "Secret mongo-tls (VerteX) there or not, against palette:edition",
      },
      { code: "MONGO_NOT_FOUND", outcome: "unknown", meaning: "there is no such StatefulSet" },
      { code: "STATEFULSET_SCALED_DOWN", outcome: "fail", meaning: "it wants no member" },
      { code: "STATEFULSET_NOT_READY", outcome: "wait", meaning: "not all of its pods are ready" },
      {
        code: "STATEFULSET_ROLLING",
        outcome: "wait",
        meaning: "two revisions are running; a NOTE when a hop in progress explains it",
      },
      { code: "POD_MISSING", outcome: "wait", meaning: "a member's pod is not there" },
      { code: "POD_CRASHING", outcome: "fail", meaning: "a container crashes, or cannot be created" },
      { code: "POD_NOT_READY", outcome: "wait", meaning: "a container is not ready, or the pod is not running" },
      { code: "VOLUME_MISSING", outcome: "fail", meaning: "a pod's volume claim does not exist" },
      { code: "VOLUME_DELETING", outcome: "fail", meaning: "a volume claim is being deleted" },
      { code: "VOLUME_NOT_BOUND", outcome: "wait", meaning: "a volume claim is pending; lost: fail" },
      { code: "BUDGET_EXHAUSTED", outcome: "wait", meaning: "the disruption budget counts too few healthy pods" },
      {
        code: "SITE_FORBIDDEN",
        outcome: "unknown",
        meaning: "the gate's role may not read something; names the permission",
      },
      { code: "SITE_UNREADABLE", outcome: "unknown", meaning: "the cluster's answer makes no sense" },
    ],
    sources: [diagnosis],
  },
];
