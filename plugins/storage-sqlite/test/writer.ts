// Writes until it is killed, and prints each key once its batch was acknowledged.
import { writeSync } from "node:fs";
import { SqliteStorage } from "../src/index.ts";

const [home = "", round = ""] = process.argv.slice(2);

async function write(): Promise<void> {
  const storage = new SqliteStorage(
    { path: "skerry.db" },
    { name: "writer", profile: "edge", home, programs: "/nonexistent", version: "0.0.0" },
  );
  await storage.start(new AbortController().signal);
  const [left, right] = [await storage.open("left"), await storage.open("right")];
  const value = new Uint8Array(500);
  const chain = async (writer: number): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const key = `${round}-${writer}-${index}`;
      if (writer % 2 === 0) {
        const puts = ["a", "b"].map((half) => ({ type: "put" as const, key: `${key}/${half}`, value }));
        await left.write(puts);
      } else {
        await right.write([{ type: "put", key, value }]);
      }
      writeSync(1, `${key}\n`);
    }
  };
  await Promise.all([0, 1, 2, 3].map(chain));
}

void write();
