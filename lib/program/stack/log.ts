import * as pulumi from "@pulumi/pulumi";
import { toShown } from "../../base/text/shown.js";

/** Shows a text in the engine's output. */
export function logInfo(text: string): Promise<void> {
  return pulumi.log.info(toShown(text));
}

/** Shows a warning in the engine's output. */
export function logWarning(text: string): Promise<void> {
  return pulumi.log.warn(toShown(text));
}
