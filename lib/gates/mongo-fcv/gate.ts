import { defaultGateSettings } from "../../settings/gate-settings.js";
import { probeMongo } from "../mongo-replica-set/probe/probe.js";
import type { Gate } from "../verdict/types.js";
import { judgeCompatibility, createNotApplicableVerdict } from "./judge.js";
import { findRequirement } from "./requirement.js";

const { deadlineSeconds, intervalSeconds } = defaultGateSettings.mongo;

/** Checks that every member's feature compatibility version is high enough for the MongoDB that the hop brings. */
export const mongoFcvGate: Gate = {
  name: "mongo-fcv",
  timing: { deadlineSeconds, intervalSeconds, samples: 1 },
  recheck: "every-release",
  async sample(input, signal) {
    const requirement = findRequirement(input.edge);
    if (requirement === null) return createNotApplicableVerdict(input.edge);
    return judgeCompatibility(await probeMongo(input, signal), requirement, input.settings);
  },
};
