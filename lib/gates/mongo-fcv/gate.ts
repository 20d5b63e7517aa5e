import { defaultGateSettings } from "../../stack/gate-settings.js";
import { mongoReads, probeMongo } from "../mongo-replica-set/probe.js";
import type { Gate } from "../types.js";
import { judgeCompatibility, notApplicable } from "./judge.js";
import { requirementOf } from "./requirement.js";

const { deadlineSeconds, intervalSeconds } = defaultGateSettings.mongo;

/** Whether every member's feature compatibility version is high enough for the MongoDB that the hop brings. */
export const mongoFcvGate: Gate = {
  name: "mongo-fcv",
  timing: { deadlineSeconds, intervalSeconds, samples: 1 },
  recheck: "every-release",
  reads: mongoReads,
  async sample(input, signal) {
    const requirement = requirementOf(input.edge);
    if (requirement === null) return notApplicable(input.edge);
    return judgeCompatibility(await probeMongo(input, signal), requirement, input.settings);
  },
};
