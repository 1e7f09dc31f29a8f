/** The first 32 bits of the fractional parts of a root of the first primes. */
function rootsOfPrimes(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const START = rootsOfPrimes(8, Math.sqrt);
const ADDED = rootsOfPrimes(64, Math.cbrt);

const rotated = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/**
 * The SHA-256 of some bytes as 64 hexadecimal digits (FIPS 180-4). Here because browsers compute it only on pages that came
 * by https or from the machine itself, and a course may serve its pages otherwise.
 */
export function sha256Of(bytes: Uint8Array): string {
  // A 1 bit, zeros, and the length in bits fill the last block or two.
  const whole = bytes.length - (bytes.length % 64);
  const tail = new Uint8Array(bytes.length % 64 < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(bytes.length) * 8n);

  const state = START.slice();
  const words = new Int32Array(64);
  for (let at = 0; at < whole; at += 64) addBlock(state, words, bytes, at);
  for (let at = 0; at < tail.length; at += 64) addBlock(state, words, tail, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function addBlock(state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0, b = at; i < 16; i++, b += 4)
    words[i] = (bytes[b] << 24) | (bytes[b + 1] << 16) | (bytes[b + 2] << 8) | bytes[b + 3];
  for (let i = 16; i < 64; i++) {
    const near = words[i - 2];
    const far = words[i - 15];
    const nearMixed = rotated(near, 17) ^ rotated(near, 19) ^ (near >>> 10);
    const farMixed = rotated(far, 7) ^ rotated(far, 18) ^ (far >>> 3);
    words[i] = words[i - 16] + farMixed + words[i - 7] + nearMixed;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const ofE = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const first = (h + ofE + chosen + ADDED[i] + words[i]) | 0;
    const ofA = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + ofA + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}
