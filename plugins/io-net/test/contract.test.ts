import { tcpNetworkContract } from "@skerry/testing";
import { listen, openNetwork, peerOf, refusing } from "./real-network.ts";

tcpNetworkContract({
  name: "io-net",
  open: async () => ({
    network: openNetwork(),
    listen: async (accept) => await listen((socket) => accept(peerOf(socket))),
    refusing,
  }),
});
