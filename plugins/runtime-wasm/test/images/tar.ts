export interface TarItem {
  readonly path: string;
  readonly type?: string;
  readonly content?: string | Buffer;
  readonly linkPath?: string;
}

/** Writes an archive as GNU tar does, hostile names included. */
export function tar(items: readonly TarItem[]): Buffer {
  const blocks = items.flatMap(({ path, type = "0", content = "", linkPath = "" }) => {
    const body = Buffer.from(content);
    const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
    return [header(path, type, body.length, linkPath), body, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(path: string, type: string, size: number, linkPath: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0, 100);
  block.write("0000644\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(linkPath, 157, 100);
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
