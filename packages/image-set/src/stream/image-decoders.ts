import { decodePixels, type DecodeRequest } from './decode-pixels.js';

/** What decodes image files: threads, or the thread that asks. */
export interface ImageDecoders {
  /** The pixels of an image, height x width x channels bytes. Rejects with an InputError that names the file. */
  decode(request: DecodeRequest): Promise<Uint8Array>;
}

/** Decodes on the thread that asks, one image after the other. */
export const THIS_THREAD: ImageDecoders = { decode: decodePixels };
