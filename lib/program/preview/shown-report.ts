import { type PreviewedGate, type PreviewReport } from "./report.js";

/** Writes a preview's report, and again each time that the engine has found out more of its gates. */
export interface ShownReport {
  changeGates: (change: (gates: readonly PreviewedGate[]) => PreviewedGate[]) => void;
}

export function showReport(report: PreviewReport, write: (report: PreviewReport) => void): ShownReport {
  let shown = report;
  write(shown);
  return {
    changeGates: (change) => {
      shown = { ...shown, gates: change(shown.gates) };
      write(shown);
    },
  };
}
