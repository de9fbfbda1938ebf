import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, exclude: ["**/node_modules/**", "**/guest/**"] },
});

export default defineConfig({
  test: {
    projects: [
      project("unit", ["{kernel,sdk/*,plugins/*,mappers/*}/test/**/*.test.ts"], 20_000),
      project("architecture", ["test/architecture/**/*.test.ts"], 60_000),
      project("e2e", ["test/e2e/**/*.test.ts"], 120_000),
      project("kubectl", ["test/kubectl/**/*.test.ts"], 120_000),
    ],
  },
});
