// Preloaded into a kernel: its wall clock is the machine's plus the milliseconds in a file, which may change.
// Time that passes, and OpenSSL's view of certificates, stay the machine's.
const { readFileSync, watchFile } = require("node:fs");

const file = process.env.SKERRY_TEST_CLOCK_FILE;
const real = Date.now.bind(Date);
const RealDate = Date;
let shiftMs = Number(readFileSync(file, "utf8"));
watchFile(file, { interval: 50, persistent: false }, () => {
  shiftMs = Number(readFileSync(file, "utf8"));
});

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(real() + shiftMs);
    else super(...parts);
  }

  static now() {
    return real() + shiftMs;
  }
};
