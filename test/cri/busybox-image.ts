import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { digestOf, type FakeRegistry } from "@skerry/testing";

const applets = [
  "sh",
  "cat",
  "sleep",
  "env",
  "ls",
  "head",
  "wc",
  "id",
  "stty",
  "nc",
  "httpd",
  "wget",
  "hostname",
  "touch",
  "rm",
];

/** Publishes busybox as an image of one layer; it is the pause image too. Gives its name. */
export async function publishBusybox(registry: FakeRegistry): Promise<string> {
  const program = await readFile("/bin/busybox").catch(() => {
    throw new Error("this suite needs /bin/busybox: apt-get install busybox-static");
  });
  const tar = tarOf([
    { name: "bin/", type: "5", mode: 0o755 },
    { name: "tmp/", type: "5", mode: 0o1777 },
    { name: "bin/busybox", type: "0", mode: 0o755, content: program },
    ...applets.map((name) => ({ name: `bin/${name}`, type: "2", mode: 0o777, link: "busybox" }) as const),
  ]);
  const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", content: gzipSync(tar) };
  const rest = {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
  };
  registry.publish("busybox", "1", [layer], { Cmd: ["/bin/sleep", "2147483647"], Env: ["PATH=/bin"] }, rest);
  return `${registry.host}/busybox:1`;
}

interface Entry {
  readonly name: string;
  /** `0` file, `2` symbolic link, `5` folder (POSIX.1-1988, ustar). */
  readonly type: "0" | "2" | "5";
  readonly mode: number;
  readonly content?: Buffer;
  readonly link?: string;
}

function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ content = Buffer.alloc(0), ...entry }) => [
    header(entry, content.length),
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header({ name, type, mode, link = "" }: Omit<Entry, "content">, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(" ".repeat(8), 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write("ustar\u000000", 257, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
