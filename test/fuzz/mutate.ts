import type { Random } from "@skerry/contracts";

/** Numbers at which lengths and counts go wrong. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];
/** Words that decoders of JSON, YAML and paths take for something. */
const words = [
  '{"__proto__":{"a":1}}',
  '"\\ud800"',
  "1e999",
  "-0",
  "null",
  "[[[[[[[[",
  "&a [*a,*a]",
  "\u0000",
  "../../../../etc/passwd",
  "\ufeff",
  "constructor",
  "9007199254740993",
];

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const below = (random: Random, limit: number) => Math.floor(random.next() * limit);

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const copy = Uint8Array.from(bytes);
    const at = below(random, copy.length);
    if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
    return copy;
  },
  function replaceByte(bytes, random) {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, below(random, bytes.length + 1));
  },
  function removeRange(bytes, random) {
    const start = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + below(random, 16))]);
  },
  function repeatRange(bytes, random) {
    const start = below(random, bytes.length + 1);
    const part = bytes.subarray(start, start + below(random, 64));
    const times = 1 + below(random, random.next() < 0.02 ? 2_000 : 8);
    return Buffer.concat([bytes.subarray(0, start), ...Array<Uint8Array>(times).fill(part), bytes.subarray(start)]);
  },
  function moveToFront(bytes, random) {
    const start = below(random, bytes.length + 1);
    const end = start + below(random, bytes.length - start + 1);
    return Buffer.concat([bytes.subarray(start, end), bytes.subarray(0, start), bytes.subarray(end)]);
  },
  function insertNumber(bytes, random) {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(edges[below(random, edges.length)] ?? 0);
    const at = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), number.subarray(0, 1 + below(random, 4)), bytes.subarray(at)]);
  },
  function insertVarint(bytes, random) {
    const at = below(random, bytes.length + 1);
    const ones = Buffer.alloc(1 + below(random, 9), 0xff);
    return Buffer.concat([bytes.subarray(0, at), ones, Buffer.of(below(random, 128)), bytes.subarray(at)]);
  },
  function insertWord(bytes, random) {
    const at = below(random, bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(words[below(random, words.length)] ?? ""),
      bytes.subarray(at),
    ]);
  },
];

/** An input made of kept ones: mutated a few times, joined with another, or noise. */
export function makeInput(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const pick = () => seeds[below(random, seeds.length)] ?? new Uint8Array();
  if (random.next() < 0.02) return random.bytes(below(random, 300));
  let bytes = random.next() < 0.1 ? Buffer.concat([pick().subarray(0, below(random, 200)), pick()]) : pick();
  const rounds = 1 + below(random, 6);
  for (let round = 0; round < rounds; round += 1) {
    bytes = mutations[below(random, mutations.length)]?.(bytes, random) ?? bytes;
  }
  return bytes;
}
