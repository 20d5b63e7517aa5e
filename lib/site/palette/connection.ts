import { InvalidInputError } from "../../base/errors/errors.js";
import { readCaFile } from "../../base/net/ca-file.js";
import { systemClock, type Clock } from "../../base/time/clock.js";
import { limitTime, type LimitTime } from "../../base/time/limit-time.js";
import type { PaletteConnection } from "./http.js";
import { createPaletteBudget } from "./palette-budget.js";
import { type RequestBudget } from "./request-budget.js";

export interface TenantConnection {
  /** e.g. `https://palette.example.com`. */
  baseUrl: string;
  tenant: string;
  /** Secret: sent as header ApiKey, never part of any message. */
  apiKey: string;
  /** PEM file of a private certificate authority; null: system trust. */
  caFile: string | null;
  /** Names the proxy. Default: this process's. */
  environment?: NodeJS.ProcessEnv;
  /** Clock for pauses. Default: the machine's. */
  clock?: Clock;
  /** Default: by the machine's time. */
  limitTime?: LimitTime;
  /** Shared by the tenants of one installation. */
  budget?: RequestBudget;
  /** Limit of one request. Default 15. */
  timeoutSeconds?: number;
}

/**
 * Checks URL and CA file without a network request.
 * @throws InvalidInputError `API_URL_INVALID`, `CA_FILE_UNREADABLE`.
 */
export function openTenant(connection: TenantConnection): PaletteConnection {
  const clock = connection.clock ?? systemClock;
  return {
    baseUrl: parseApiUrl(connection.baseUrl),
    tenant: connection.tenant,
    apiKey: connection.apiKey,
    ca: readCaFile(connection.caFile, "palette:site.apiCaFile"),
    environment: connection.environment ?? process.env,
    clock,
    budget: connection.budget ?? createPaletteBudget(clock),
    limitTime: connection.limitTime ?? limitTime,
    timeoutSeconds: connection.timeoutSeconds ?? 15,
  };
}

function parseApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const loopback = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url !== null && (url.protocol === "https:" || (url.protocol === "http:" && loopback))) return url.origin;
  const found = url === null ? "no URL" : `${url.protocol}//${url.host}`;
  throw new InvalidInputError(
    "API_URL_INVALID",
    `The Palette API's URL is ${found}; an API key is only sent over https.`,
    {
      next: "Set palette:site.apiUrl to https://<host of the Palette API>.",
    },
  );
}
