const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** The first 32 bits of the fractional parts of `root` of the first `count` primes. */
function rootsOfPrimes(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const INITIAL_STATE = rootsOfPrimes(8, Math.sqrt);
const ROUND_CONSTANTS = rootsOfPrimes(64, Math.cbrt);

const rotateRight = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits));

/**
 * The SHA-256 of bytes as 64 hexadecimal digits (FIPS 180-4). The Web Cryptography API is not used, because
 * browsers have it only on pages that are served over HTTPS or from localhost.
 */
export function sha256(bytes: Uint8Array): string {
  const tail = paddedTail(bytes);
  const state = INITIAL_STATE.slice();
  const words = new Int32Array(64);
  for (let offset = 0; offset + BLOCK_BYTES <= bytes.length; offset += BLOCK_BYTES)
    compressBlock(state, words, bytes, offset);
  for (let offset = 0; offset < tail.length; offset += BLOCK_BYTES) compressBlock(state, words, tail, offset);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The bytes after the last full block, followed by a 1 bit, zeros, and the length of all bytes in bits. */
function paddedTail(bytes: Uint8Array): Uint8Array {
  const rest = bytes.subarray(bytes.length - (bytes.length % BLOCK_BYTES));
  const blocks = Math.ceil((rest.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const tail = new Uint8Array(blocks * BLOCK_BYTES);
  tail.set(rest);
  tail[rest.length] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - LENGTH_BYTES, BigInt(bytes.length) * 8n);
  return tail;
}

function compressBlock(state: Int32Array, words: Int32Array, bytes: Uint8Array, offset: number): void {
  expandBlock(words, bytes, offset);
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const sigmaE = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const choice = (e & f) ^ (~e & g);
    const sum = (h + sigmaE + choice + ROUND_CONSTANTS[i] + words[i]) | 0;
    const sigmaA = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + sum) | 0;
    d = c;
    c = b;
    b = a;
    a = (sum + sigmaA + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

/** The message schedule of FIPS 180-4: the 16 words of a block and 48 words that are computed from them. */
function expandBlock(words: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0, byte = offset; i < 16; i++, byte += 4)
    words[i] = (bytes[byte] << 24) | (bytes[byte + 1] << 16) | (bytes[byte + 2] << 8) | bytes[byte + 3];
  for (let i = 16; i < 64; i++) {
    const near = words[i - 2];
    const far = words[i - 15];
    const sigmaNear = rotateRight(near, 17) ^ rotateRight(near, 19) ^ (near >>> 10);
    const sigmaFar = rotateRight(far, 7) ^ rotateRight(far, 18) ^ (far >>> 3);
    words[i] = words[i - 16] + sigmaFar + words[i - 7] + sigmaNear;
  }
}
