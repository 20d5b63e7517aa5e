// Kills the process as soon as the request named by KILL_AFTER_REQUEST has been answered, the first time it is about hubble.
"use strict";

const wanted = process.env.KILL_AFTER_REQUEST;
const send = globalThis.fetch;
globalThis.fetch = async (input, options = {}) => {
  const answer = await send(input, options);
  const isWanted = `${options.method ?? "GET"} ${new URL(String(input)).pathname}` === wanted;
  if (isWanted && (options.method !== "POST" || options.body.includes("sh.helm.release.v1.hubble."))) {
    process.kill(process.pid, "SIGKILL");
  }
  return answer;
};
