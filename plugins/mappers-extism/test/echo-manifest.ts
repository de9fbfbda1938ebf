import { type MapperManifest, parseMapperManifest } from "@skerry/mapper";

/** The mapper.json of the echo guest. */
export const echoManifest: MapperManifest = parseMapperManifest(
  JSON.stringify({
    id: "echo",
    abi: 0,
    imports: [
      ...["event_length", "event_read", "open", "write", "timer", "report", "trouble", "settle", "reject", "condition"],
      ...["log", "state"],
    ],
    exports: ["start", "on_open", "on_bytes", "on_close", "on_timer", "on_desired", "save", "restore"],
  }),
  "echo",
);
