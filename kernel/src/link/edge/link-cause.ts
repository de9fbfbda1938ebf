import type { LinkReason } from "@skerry/contracts";
import { errorAdvice, errorCode, errorMessage } from "@skerry/plugin";
import type { LinkCause } from "../../autonomy/link-transitions.ts";
import { closeCodes } from "../wire/close-codes.ts";

const ofErrors: Readonly<Record<string, LinkReason>> = {
  SKERRY_TRANSPORT_REFUSED: "refused",
  SKERRY_TRANSPORT_PROXY_REFUSED: "refused",
  SKERRY_TRANSPORT_UNTRUSTED: "untrusted",
};

const ofCloses: Readonly<Record<number, { readonly code: LinkReason; readonly advice?: string }>> = {
  [closeCodes.version]: {
    code: "version",
    advice: "Run versions of Skerry on the node and in the cloud that speak one wire version.",
  },
  [closeCodes.identity]: {
    code: "identity",
    advice: "The certificate must name this node: join it again, or correct the node's name.",
  },
  [closeCodes.silent]: {
    code: "silent",
    advice: "The network or the cloud does not answer; the link tries again by itself.",
  },
  [closeCodes.replaced]: {
    code: "replaced",
    advice: "If it goes on, another machine runs with this node's certificate: find it, and join one of them again.",
  },
  [closeCodes.internal]: {
    code: "lost",
    advice: "Check this node's disk: it must take writes before the link can last.",
  },
};

/** Why no connection came about. */
export function causeOfFailure(error: unknown): LinkCause {
  const code = ofErrors[errorCode(error) ?? ""] ?? "unreachable";
  return { code, reason: errorMessage(error), advice: errorAdvice(error) };
}

/** Why a connection ended. */
export function causeOfClose(close: number, reason: string): LinkCause {
  const { code, advice } = ofCloses[close] ?? { code: "lost" as const };
  return { code, reason: `the connection ended: ${reason || "without a reason"} (${close})`, advice };
}
