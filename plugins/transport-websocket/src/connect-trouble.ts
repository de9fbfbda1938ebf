import { errorCode, errorMessage, type SkerryError } from "@skerry/plugin";
import { certificateTrouble } from "./certificate-trouble.ts";
import { errors } from "./errors.ts";

/** How far a connection came, when it failed. */
export interface Attempt {
  readonly address: string;
  /** Our side has completed the TLS handshake; the other has not necessarily accepted our certificate. */
  readonly isSecure: boolean;
  /** Why the other side might not accept our certificate. */
  ownTrouble(): string;
}

/** The error of the contract for anything that ends an attempt to connect. */
export function connectTrouble(error: unknown, { address, isSecure, ownTrouble }: Attempt): SkerryError {
  const code = errorCode(error) ?? "";
  const untrusted = (reason: string) =>
    errors.create("SKERRY_TRANSPORT_UNTRUSTED", { address, reason: withCode(reason, code) }, error);
  const refused = (reason: string) =>
    errors.create("SKERRY_TRANSPORT_REFUSED", { address, reason: withCode(reason, code) }, error);

  const trouble = certificateTrouble(code);
  if (trouble !== undefined) return untrusted(trouble);
  // A server drops whoever it does not trust. With TLS 1.3 that is after our side of the handshake.
  if (isRejection(`${code} ${errorMessage(error)}`) || (isSecure && isDropped(code))) {
    return untrusted(notAcceptedReason(ownTrouble()));
  }
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) return untrusted("it does not complete a TLS handshake");
  if (code.startsWith("HPE_") || code === "") return refused(`it is no WebSocket server: ${errorMessage(error)}`);
  const reason = withCode(networkTrouble(code, error), code);
  return errors.create("SKERRY_TRANSPORT_UNREACHABLE", { address, reason }, error);
}

/** The server has said that it does not accept our certificate. */
export function notAccepted({ address, ownTrouble }: Attempt): SkerryError {
  return errors.create("SKERRY_TRANSPORT_UNTRUSTED", { address, reason: notAcceptedReason(ownTrouble()) });
}

function notAcceptedReason(ownTrouble: string): string {
  return `it does not accept this node's certificate; ${ownTrouble}`;
}

/** A TLS alert about our certificate, which OpenSSL names in the code (`ERR_SSL_…`) or in the message (`EPROTO`). */
function isRejection(error: string): boolean {
  return /^(ERR_SSL_|EPROTO).*alert.*(certificate|unknown.ca|access.denied)/i.test(error);
}

function isDropped(code: string): boolean {
  return code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED";
}

function withCode(reason: string, code: string): string {
  return code === "" ? reason : `${reason} (${code})`;
}

/** What the operating system reports, in words. */
export function networkTrouble(code: string, error: unknown): string {
  switch (code) {
    case "ECONNREFUSED":
      return "nobody listens there";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection was reset";
    case "ETIMEDOUT":
      return "no answer";
    case "EHOSTUNREACH":
      return "there is no route to the host";
    case "ENETUNREACH":
    case "ENETDOWN":
      return "the network is unreachable";
    case "ENOTFOUND":
      return "no such host name";
    case "EAI_AGAIN":
      return "the host name cannot be looked up now";
    case "EADDRNOTAVAIL":
      return "this machine does not have that address";
    case "EACCES":
    case "EPERM":
      return "this machine does not permit it";
    default:
      return errorMessage(error);
  }
}
