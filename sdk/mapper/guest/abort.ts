import { hostLog } from "./host";

/** Where a failed assertion or `throw` of the guest ends: the reason is logged, then the call traps. */
export function mapperAbort(message: string | null, file: string | null, line: u32, column: u32): void {
  let text = String.UTF8.encode((message ? message : "aborted") + " at " + (file ? file : "?") + ":" + line.toString());
  hostLog(3, changetype<usize>(text), text.byteLength);
  unreachable();
}
