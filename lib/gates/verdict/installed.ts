import { type Hubble, type Installation, type Installed, readInstallation } from "../../site/installation.js";
import { type Finding, read, toErrorFinding } from "./findings.js";
import { type GateInput } from "./types.js";
import { type Version } from "../../planning/version/version.js";

/** What is installed, or the finding where no gate can judge it. */
type InstalledReading = Installed | { state: "empty" | "unclear" | "unread"; finding: Finding };

/** Codes of a proved fault; with the others, what is installed is not known. */
const faults: ReadonlySet<string> = new Set(["TWO_INSTALLATIONS", "DOWNGRADED"]);

/** Reads what is installed, with the answer that the program decides on. */
export async function readInstalled(
  { site, settings }: Pick<GateInput, "site" | "settings">,
  signal: AbortSignal,
): Promise<InstalledReading> {
  const reading = await read(() => readInstallation(site.kubernetes, settings.helm.namespace), signal);
  if (!reading.ok)
    return {
      state: "unread",
      finding: toErrorFinding(reading.error, null, "Helm's release records could not be read"),
    };
  return toInstalledReading(reading.value);
}

function toInstalledReading(installation: Installation): InstalledReading {
  if (installation.state === "installed") return installation;
  const { code, message, next } = installation.error;
  const outcome = faults.has(code) ? "fail" : "unknown";
  return {
    state: installation.state,
    finding: { outcome, code, member: null, message: `${message} ${next ?? ""}`.trim() },
  };
}

/** Creates the finding of a check after a hop that has not reached its version. */
export function createNotReachedFinding(to: Version, { name, deployed, newest }: Hubble): Finding {
  const newer = newest.revision > deployed.revision ? `; its revision ${newest.revision} is ${newest.status}` : "";
  return {
    outcome: "fail",
    code: "VERSION_NOT_REACHED",
    member: name,
    message:
      `Helm release "${name}" has ${deployed.chartVersion} deployed (revision ${deployed.revision}${newer}), expected ${to}. ` +
      `Finish the hop to ${to} first; its checks come after it.`,
  };
}
