// Does not compile: the build must say where.
export function start(): i32 {
  return "no number";
}
export { mapperAbort } from "@skerry/mapper/guest";
