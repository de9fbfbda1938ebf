// Passes TCP connections on until it is killed, in whatever network it was started in:
//   node relay.mjs HOST:PORT=HOST:PORT …
import { connect, createServer } from "node:net";

/** @param {string} text */
const address = (text) => {
  const at = text.lastIndexOf(":");
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
};

for (const route of process.argv.slice(2)) {
  const [from = "", to = ""] = route.split("=");
  createServer((near) => {
    const far = connect(address(to));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  }).listen(address(from));
}
