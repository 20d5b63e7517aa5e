import { type Installation, type Installed, readInstallation } from "../../site/installation.js";
import { type Finding, read, toErrorFinding } from "./findings.js";
import { type GateInput } from "./types.js";

/** What is installed, or the finding where no gate can judge it. */
export type InstalledReading = Installed | { state: "empty" | "unclear" | "unread"; finding: Finding };

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
