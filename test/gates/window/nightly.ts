import type { UpdateWindow } from "../../../lib/gates/window/openings.js";

/** A window from 22:00 to 02:00 of Berlin on every day, unless changed. */
export const nightly = (change: Partial<UpdateWindow> = {}): UpdateWindow => ({
  days: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  from: "22:00",
  to: "02:00",
  zone: "Europe/Berlin",
  ...change,
});
