// Preloaded into the processes that are measured: writes what each one used, as one line, when it ends.
process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1e3, wall: process.uptime() * 1e3, memory: maxRSS / 1024 };
  require("node:fs").appendFileSync(process.env.BENCH_USAGE, `${JSON.stringify(used)}\n`);
});
