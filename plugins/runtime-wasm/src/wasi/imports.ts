import { errno, errnoOf } from "./errno.ts";
import { fileFunctions } from "./file-functions.ts";
import { wasiModule } from "./function-names.ts";
import { pathFunctions } from "./path-functions.ts";
import { processFunctions } from "./process-functions.ts";
import type { Program } from "./program.ts";
import { ProgramExit } from "./program-exit.ts";

type WasiFunction = (...args: never[]) => void;

/** The imports of a program: every call looks for a stop first, and every failure is an errno. */
export function importsOf(program: Program): Readonly<Record<string, Readonly<Record<string, WasiFunction>>>> {
  const functions: Readonly<Record<string, WasiFunction>> = {
    ...processFunctions(program),
    ...fileFunctions(program),
    ...pathFunctions(program),
  };
  const wrapped = Object.entries(functions).map(([name, act]) => [name, guarded(program, act)] as const);
  return { [wasiModule]: Object.fromEntries(wrapped) };
}

function guarded(program: Program, act: WasiFunction): (...args: never[]) => number {
  return (...args) => {
    program.checkStop();
    try {
      act(...args);
      return errno.success;
    } catch (error) {
      if (error instanceof ProgramExit) throw error;
      return errnoOf(error);
    }
  };
}
