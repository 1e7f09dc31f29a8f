import { parentPort } from 'node:worker_threads';
import { isInputError } from '@convlens/core';
import { decodePixels, type DecodeRequest } from './decode-pixels.js';

/** What a thread answers to a request: the pixels, or why there are none. */
export interface DecodeAnswer {
  readonly pixels?: Uint8Array;
  readonly message?: string;
  /** Whether the file is at fault. */
  readonly isInput?: boolean;
}

parentPort?.on('message', (request: DecodeRequest) => {
  let answer: DecodeAnswer;
  try {
    answer = { pixels: decodePixels(request) };
  } catch (error) {
    answer = { message: (error as Error).message, isInput: isInputError(error) };
  }
  const { buffer, byteLength } = answer.pixels ?? new Uint8Array();
  parentPort!.postMessage(
    answer,
    buffer.byteLength === byteLength && byteLength > 0 ? [buffer as ArrayBuffer] : [],
  );
});
