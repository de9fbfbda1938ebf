// Greets every few seconds, for ever: `hello [--every SECONDS] [--exit-after GREETINGS] [--code N]`.
import { args, complain, env, exit, print, sleep } from "./wasi";

/** A whole number of an option, or what to take where the option is not given. */
function option(given: string[], name: string, fallback: i32): i32 {
  const at = given.indexOf(name);
  if (at < 0) return fallback;
  const value = at + 1 < given.length ? I32.parseInt(given[at + 1]) : 0;
  if (value <= 0) {
    complain(name + " takes a whole number above 0");
    exit(2);
  }
  return value;
}

export function _start(): void {
  const given = args();
  const every = option(given, "--every", 5);
  const greetings = option(given, "--exit-after", i32.MAX_VALUE);
  const code = option(given, "--code", 1);
  const text = env("GREETING", "hello") + " from " + env("POD_NAME", "nowhere") + " on " + env("NODE_NAME", "no node");
  for (let count = 1; count <= greetings; count++) {
    print(text + ", " + count.toString());
    sleep(<i64>every * 1000);
  }
  complain("that was all");
  exit(code);
}
