const SIGNATURES = [
  ['png', /^\x89PNG/],
  ['jpeg', /^\xff\xd8/],
  ['webp', /^RIFF....WEBP/s],
  ['gif', /^GIF8[79]a/],
  ['bmp', /^BM/],
] as const;

/** A format that images are decoded from. */
export type ImageFormat = (typeof SIGNATURES)[number][0];

/** The format of an image, by what it begins with; undefined for other files. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  return SIGNATURES.find(([, signature]) => signature.test(start))?.[0];
}
