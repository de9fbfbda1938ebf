// `npm run create -- …`: plain JavaScript, because it runs before anything is built.
import { create } from "./create.mjs";

// npm runs scripts in the folder of package.json, and says in INIT_CWD where the caller is.
const { INIT_CWD, npm_lifecycle_event } = process.env;

process.exitCode = create(process.argv.slice(2), {
  directory: npm_lifecycle_event !== undefined && INIT_CWD ? INIT_CWD : process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
