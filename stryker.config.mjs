import { judges } from "./scripts/judges.mjs";

// One judge a run, named by JUDGE (scripts/mutation.mjs).
const name = process.env.JUDGE ?? "mongo-fcv";
const { mutate, specs } = judges[name];

export default {
  plugins: ["./scripts/stryker-mocha.mjs"],
  testRunner: "mocha-in-process",
  mocha: { files: specs },
  warnings: { unknownOptions: false, slow: false },
  mutate,
  // The words of a sentence are the tables' business; what is judged is which code, and how it ends.
  mutator: { excludedMutations: ["StringLiteral"] },
  coverageAnalysis: "all",
  concurrency: 1,
  timeoutMS: 240_000,
  disableTypeChecks: true,
  tempDirName: ".stryker-tmp",
  cleanTempDir: "always",
  ignorePatterns: ["dist", "coverage", ".rehearsal", ".palette", "docs", "/charts"],
  reporters: ["json", "clear-text"],
  clearTextReporter: {
    allowColor: false,
    allowEmojis: false,
    reportTests: false,
    logTests: false,
    reportScoreTable: false,
  },
  jsonReporter: { fileName: `coverage/mutation/${name}.json` },
  thresholds: { high: 100, low: 0, break: null },
  allowConsoleColors: false,
};
