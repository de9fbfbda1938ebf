import { type ChildProcess, fork } from "node:child_process";

/** What a process of the bench answers, by question. */
export type Answers = Readonly<Record<string, (parameters: never) => unknown>>;

interface Question {
  readonly id: number;
  readonly ask: string;
  readonly parameters: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** Answers what the bench asks over the process's channel, until that is closed. */
export function serve(answers: Answers): void {
  process.on("message", (question: Question) => {
    const answer = answers[question.ask];
    Promise.resolve(answer?.(question.parameters as never)).then(
      (value) => process.send?.({ id: question.id, value } satisfies Answer),
      (problem: unknown) => process.send?.({ id: question.id, problem: String(problem) } satisfies Answer),
    );
  });
  process.on("disconnect", () => process.exit(0));
}

/** A process of its own with one role of the bench, seen from the bench. */
export class Role {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(problem: Error): void }>();
  #last = 0;

  /** @param name of the role, as `test/bench/main.ts` knows it */
  constructor(name: string) {
    this.#child = fork(process.argv[1] ?? "", ["--role", name], {
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.problem === undefined) waiting?.resolve(answer.value);
      else waiting?.reject(new Error(answer.problem));
    });
    this.#child.once("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the process ${name} ended with ${code}`));
    });
  }

  ask<T>(ask: string, parameters: unknown = {}): Promise<T> {
    const id = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.send({ id, ask, parameters } satisfies Question);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** Memory of this process after what can be collected is, in bytes. */
export function ownMemory(): { readonly rss: number; readonly heap: number } {
  for (let times = 0; times < 3; times += 1) (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** Milliseconds of a clock that all processes of this machine share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
