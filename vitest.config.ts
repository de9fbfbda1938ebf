import { defineConfig } from "vitest/config";

interface ProjectLimits {
  readonly timeout: number;
  /** Projects of a later group start when the earlier have ended: real processes are not timed beside unit tests. */
  readonly group: number;
}

const project = (name: string, include: string[], { timeout, group }: ProjectLimits) => ({
  test: {
    name,
    include,
    testTimeout: timeout,
    hookTimeout: timeout,
    exclude: ["**/node_modules/**", "**/guest/**"],
    fileParallelism: group === 0,
    sequence: { groupOrder: group },
  },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["{kernel,sdk/*,plugins/*,mappers/*}/test/**/*.test.ts", "test/{fuzz,sim}/**/*.test.ts"], {
        timeout: 30_000,
        group: 0,
      }),
      project("architecture", ["test/architecture/**/*.test.ts"], { timeout: 60_000, group: 0 }),
      project("e2e", ["test/e2e/**/*.test.ts"], { timeout: 120_000, group: 1 }),
      project("kubectl", ["test/kubectl/**/*.test.ts"], { timeout: 120_000, group: 2 }),
      project("root", ["test/root/**/*.test.ts"], { timeout: 120_000, group: 3 }),
      project("faults", ["test/faults/**/*.test.ts"], { timeout: 120_000, group: 4 }),
      project("cri", ["test/cri/**/*.test.ts"], { timeout: 60_000, group: 5 }),
    ],
  },
});
