import { errorCode } from "@skerry/plugin";

/** Where a command writes. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Standard output and standard error of this process. */
export const processOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** A reader that has seen enough, such as `head`, closes the pipe: that ends the command, and is no failure. */
process.stdout.on("error", (error) => {
  if (errorCode(error) !== "EPIPE") throw error;
  process.exit();
});
