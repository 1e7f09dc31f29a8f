import { randomAt } from '@convlens/core';

/** A CIFAR-10 file of 10,000 records with random labels and pixels: [label, 1024 red, 1024 green, 1024 blue] each. */
export function makeFile(seed: number): Uint8Array {
  const random = randomAt(seed);
  const bytes = new Uint8Array(30_730_000);
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  for (let record = 0; record < bytes.length; record += 3073) bytes[record] = Math.floor(random() * 10);
  return bytes;
}
