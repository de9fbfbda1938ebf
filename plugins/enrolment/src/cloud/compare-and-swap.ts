import { errorCode } from "@skerry/plugin";
import { errors } from "../errors.ts";

const attempts = 8;

/**
 * Tries again while others write the same object first: each attempt reads anew. Rejects with `SKERRY_ENROLMENT_BUSY`
 * when that goes on.
 */
export async function compareAndSwap<T>(subject: string, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 0; tried < attempts; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (errorCode(error) !== "SKERRY_KUBE_CONFLICT") throw error;
    }
  }
  throw errors.create("SKERRY_ENROLMENT_BUSY", { subject });
}
