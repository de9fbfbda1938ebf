import { run } from "../e2e/skerry.ts";

/** Fails by name when a program is not on this machine. */
export async function needProgram(command: readonly [string, ...string[]], debianPackage: string): Promise<void> {
  const [program, ...args] = command;
  const found = await run(program, args).catch(() => undefined);
  if (found?.code !== 0) throw new Error(`this suite needs ${program}: apt-get install ${debianPackage}`);
}

/** Runs a program that has to succeed; gives what it printed. */
export async function must(...[program = "", ...args]: readonly string[]): Promise<string> {
  const { code, out, err } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} gave ${code} (this suite needs root): ${err}${out}`);
  return out;
}
