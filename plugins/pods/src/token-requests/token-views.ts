import type { PodTokens, StreamHandler } from "@skerry/contracts";
import { inject } from "@skerry/plugin";
import { tokenStreamKind } from "../shared/token-stream.ts";
import { type TokenChannel, TokenChannelToken } from "./token-channel.ts";

/** Both ends of the channel, answered by one object. */
export class TokenRequests implements PodTokens {
  readonly isOpen: PodTokens["isOpen"];
  readonly request: PodTokens["request"];
  readonly watch: PodTokens["watch"];

  constructor(@inject(TokenChannelToken) channel: TokenChannel) {
    this.isOpen = channel.isOpen.bind(channel);
    this.request = channel.request.bind(channel);
    this.watch = channel.watch.bind(channel);
  }
}

export class TokenStreamHandler implements StreamHandler {
  readonly kind = tokenStreamKind;
  readonly handle: StreamHandler["handle"];

  constructor(@inject(TokenChannelToken) channel: TokenChannel) {
    this.handle = channel.handle.bind(channel);
  }
}
