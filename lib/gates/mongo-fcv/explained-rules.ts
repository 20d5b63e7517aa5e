import { loadRules } from "../../planning/rules/rules.js";
import { type RuleChapter } from "../verdict/rule.js";

const wanted = loadRules("fcv").map(({ into, least }) => `${least} or higher for a hop into ${into}`);

/** What the gate mongo-fcv demands. Requirements: data/fcv.json. */
export const compatibilityRules: readonly RuleChapter[] = [
  {
    id: "every member",
    demands: `feature compatibility version ${wanted.join(", ")}`,
    rules: [
      { code: "FCV_TOO_LOW", outcome: "fail", meaning: "too low: the act fcv-raise, which cannot be undone in place" },
      { code: "FCV_CHANGING", outcome: "wait", meaning: "it is being raised or lowered" },
      { code: "FCV_UNREADABLE", outcome: "unknown", meaning: "a member did not report it" },
      { code: "MEMBER_SILENT", outcome: "wait", meaning: "a member's container is not running, so it was not asked" },
      {
        code: "MEMBERS_UNKNOWN",
        outcome: "unknown",
        meaning: "external: nobody told the configuration, so not all may have been asked",
      },
      {
        code: "MEMBER_NOT_NAMED",
        outcome: "unknown",
        meaning: "external: a member that the connection string does not name",
      },
      { code: "MONGO_NOT_FOUND", outcome: "unknown", meaning: "there is no such StatefulSet" },
      {
        code: "EDITION_MISMATCH",
        outcome: "fail",
        meaning: "Secret mongo-tls (VerteX) there or not, against palette:edition",
      },
    ],
    sources: loadRules("fcv").map(({ source }) => source),
  },
];
