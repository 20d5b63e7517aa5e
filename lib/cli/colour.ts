import { type Output } from "../base/process/output.js";

/** Whether to use colour. Any value of NO_COLOR switches it off (https://no-color.org). */
export function shouldUseColour(output: Output): boolean {
  return output.isTerminal && !process.env.NO_COLOR;
}
