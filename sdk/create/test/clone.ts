import { execFile } from "node:child_process";
import { cp, lstat, mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";

export const repository = resolve(import.meta.dirname, "../../..");

/** What is installed, built, or a node's own; also what tests that run meanwhile build. */
const left = /^(\.git|\.skerry|node_modules|dist|coverage)$|^(plugins|mappers|sdk)\/.*\/(build|node_modules)$/;

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A copy of the repository in a temporary folder, in which packages are made and checked without disturbing anybody. */
export class Clone implements AsyncDisposable {
  private constructor(readonly root: string) {}

  static async make(): Promise<Clone> {
    const root = await mkdtemp(join(tmpdir(), "skerry-create-"));
    await cp(repository, root, {
      recursive: true,
      filter: (source) => !left.test(relative(repository, source).replaceAll("\\", "/")),
    });
    await linkModules(root);
    return new Clone(root);
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** What a newcomer types: `npm run create -- …`, from the root or another folder of the copy. */
  async create(args: readonly string[], from = ""): Promise<Outcome> {
    return await this.run("npm", ["run", "--silent", "create", "--", ...args], from);
  }

  /** `vitest run`, with what it printed. */
  async vitest(...args: readonly string[]): Promise<Outcome> {
    return await this.node("vitest/vitest.mjs", "run", ...args);
  }

  /** Type-checks these folders, and what they import, as the repository's `tsc -p .` does. */
  async compile(...folders: readonly string[]): Promise<Outcome> {
    const include = [...folders, "plugins/*/src/*.d.ts"];
    const config = { extends: "./tsconfig.json", include, exclude: ["**/guest"] };
    await writeFile(this.path("tsconfig.made.json"), JSON.stringify(config));
    return await this.node("typescript/bin/tsc", "-p", "tsconfig.made.json");
  }

  /** A program of node_modules, by the path of its JavaScript. */
  async node(script: string, ...args: readonly string[]): Promise<Outcome> {
    return await this.run(process.execPath, [this.path("node_modules", script), ...args]);
  }

  /** A line of a guide, typed in the root. */
  async type(line: string): Promise<Outcome> {
    const [command = "", ...args] = line.split(" ");
    return await this.run(command, args);
  }

  /** A `diff` block of a guide; every hunk of it must fit. */
  async apply(change: { readonly text: string } | undefined): Promise<void> {
    if (change === undefined) throw new Error("a change is missing from the guide");
    await writeFile(this.path("change.patch"), change.text);
    const { code, err } = await this.type("git apply change.patch");
    if (code !== 0) throw new Error(err);
  }

  async run(command: string, args: readonly string[], from = ""): Promise<Outcome> {
    const options = { cwd: this.path(from), env: environment(), maxBuffer: 64 * 1024 * 1024 };
    return await promisify(execFile)(command, args, options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: { code?: unknown; stdout?: string; stderr?: string; message: string }) => ({
        code: typeof error.code === "number" ? error.code : -1,
        out: error.stdout ?? "",
        err: error.stderr ?? error.message,
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Without what the npm and vitest around this test say to their children. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|VITEST|VITE_|NODE_ENV$|TEST$|NODE_OPTIONS$|FORCE_COLOR$)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: "1" };
}

/** Everything as it is installed, but the packages of the repository, which are those of the copy. */
async function linkModules(root: string): Promise<void> {
  const [from, to] = [join(repository, "node_modules"), join(root, "node_modules")];
  await mkdir(join(to, "@skerry"), { recursive: true });
  for (const name of await readdir(from)) {
    if (name !== "@skerry" && !name.startsWith(".vite")) await symlink(join(from, name), join(to, name));
  }
  for (const name of await readdir(join(from, "@skerry"))) {
    const link = join(from, "@skerry", name);
    if ((await lstat(link)).isSymbolicLink()) await symlink(await readlink(link), join(to, "@skerry", name));
  }
}
