/** What takes bytes in pieces and gives their checksum. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** In hexadecimal digits. Ends it: nothing may be added after. */
  digest(): string;
}

/** What each step adds: floor(2^32 |sin(step + 1)|). */
const ADDED = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
);
/** How far each step of a round rotates, four steps in turn. */
const ROTATED = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);

/**
 * The MD5 of bytes that come in pieces (RFC 1321). Good for finding damage, not for security; here because data sets
 * publish it and browsers do not compute it.
 */
export class Md5 implements Hasher {
  private readonly state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  private readonly words = new Int32Array(16);
  private readonly rest = new Uint8Array(64);
  private restLength = 0;
  private length = 0;

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(64 - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < 64) return;
      addBlock(this.state, this.words, this.rest, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) addBlock(this.state, this.words, bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restLength = bytes.length - at;
  }

  digest(): string {
    // A 1 bit, zeros, and the length in bits fill the last block or two.
    const tail = new Uint8Array(this.restLength < 56 ? 64 : 128);
    tail.set(this.rest.subarray(0, this.restLength));
    tail[this.restLength] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(this.length) * 8n, true);
    for (let at = 0; at < tail.length; at += 64) addBlock(this.state, this.words, tail, at);

    const digest = new DataView(new ArrayBuffer(16));
    this.state.forEach((word, i) => digest.setInt32(4 * i, word, true));
    return Array.from({ length: 16 }, (_, i) => digest.getUint8(i).toString(16).padStart(2, '0')).join('');
  }
}

/** The MD5 of some bytes as 32 hexadecimal digits. */
export function md5Of(bytes: Uint8Array): string {
  const md5 = new Md5();
  md5.update(bytes);
  return md5.digest();
}

function addBlock(state: Int32Array, words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let i = 0, b = at; i < 16; i++, b += 4)
    words[i] = bytes[b] | (bytes[b + 1] << 8) | (bytes[b + 2] << 16) | (bytes[b + 3] << 24);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    let mixed: number;
    let word: number;
    if (round === 0) {
      mixed = (b & c) | (~b & d);
      word = step;
    } else if (round === 1) {
      mixed = (d & b) | (~d & c);
      word = (5 * step + 1) & 15;
    } else if (round === 2) {
      mixed = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mixed + ADDED[step] + words[word]) | 0;
    const turn = ROTATED[4 * round + (step & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}
