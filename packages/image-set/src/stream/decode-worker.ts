import { parentPort } from 'node:worker_threads';
import { isInputError } from '@convlens/core';
import { decodePixels, type DecodeRequest } from './decode-pixels.js';

/** What a thread sends back: the pixels, or why there are none. */
export interface DecodeReply {
  readonly pixels?: Uint8Array;
  readonly message?: string;
  /** Whether the file is at fault. */
  readonly isInput?: boolean;
}

parentPort?.on('message', async (request: DecodeRequest) => {
  let reply: DecodeReply;
  try {
    reply = { pixels: await decodePixels(request) };
  } catch (error) {
    reply = { message: (error as Error).message, isInput: isInputError(error) };
  }
  const { buffer, byteLength } = reply.pixels ?? new Uint8Array();
  parentPort!.postMessage(
    reply,
    buffer.byteLength === byteLength && byteLength > 0 ? [buffer as ArrayBuffer] : [],
  );
});
