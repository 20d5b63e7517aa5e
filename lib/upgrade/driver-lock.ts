import { join } from "node:path";

/** What `up` holds on this machine while it drives a stack. */
export function driverLock({ projectDir, name }: { projectDir: string; name: string }): string {
  return join(projectDir, ".palette", `driver-${encodeURIComponent(name)}`);
}
