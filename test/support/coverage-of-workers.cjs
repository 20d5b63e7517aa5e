"use strict";

// Mocha ends its workers with SIGTERM a second after it told them to end; writing the coverage of a whole suite takes longer, and
// what was not written is not counted.
if (process.send !== undefined && process.env.NODE_V8_COVERAGE !== undefined) {
  process.on("SIGTERM", () => process.exit());
}
