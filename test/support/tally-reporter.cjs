// Mocha's spec reporter, which also appends the true numbers of the run to the file named by PALETTE_TALLY, for .ci/run.
const { appendFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.PALETTE_TALLY) appendFileSync(process.env.PALETTE_TALLY, `${passes} ${failures} ${pending}\n`);
    });
  }
};
