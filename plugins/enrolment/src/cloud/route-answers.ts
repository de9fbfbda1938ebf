import type { RouteAnswer } from "@skerry/contracts";
import { errorFamily, SkerryError } from "@skerry/plugin";
import type { Issued } from "./authority.ts";

/** Requests carry one request for a certificate and little else. */
export const maximumRequestBytes = 16 * 1024;

/** The answer with a certificate, or with what stands against it in words; faults of our own go on to the caller. */
export async function answered(issuing: () => Promise<Issued>): Promise<RouteAnswer> {
  try {
    const { certificate, ca } = await issuing();
    return { status: 200, body: { certificate, ca } };
  } catch (error) {
    const family = errorFamily(error);
    if (!(error instanceof SkerryError) || family === "bug") throw error;
    const { code, message, advice } = error;
    return { status: statusOf(family), body: { code, message, advice } };
  }
}

function statusOf(family: string): number {
  switch (family) {
    case "denied":
      return 403;
    case "invalid":
      return 400;
    default:
      return 503;
  }
}
