/** Computes a checksum of bytes that arrive in chunks. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The checksum in hexadecimal digits. No bytes may be added after it. */
  digest(): string;
}

const BLOCK_BYTES = 64;
/** The bytes of the length at the end of the last block. */
const LENGTH_BYTES = 8;

/** The constant that each step adds: floor(2^32 |sin(step + 1)|). */
const STEP_CONSTANTS = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
);
/** The bits that the steps of each of the four rounds rotate by, four steps in turn. */
const ROTATIONS = Uint8Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);

/**
 * MD5 (RFC 1321). It detects damage but offers no security. Data sets publish their MD5, and browsers do not compute it.
 */
export class Md5 implements Hasher {
  private readonly state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  private readonly words = new Int32Array(BLOCK_BYTES / 4);
  /** The bytes that do not fill a block yet. */
  private readonly pending = new Uint8Array(BLOCK_BYTES);
  private pendingLength = 0;
  private length = 0;

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    let offset = 0;
    if (this.pendingLength > 0) {
      offset = Math.min(BLOCK_BYTES - this.pendingLength, bytes.length);
      this.pending.set(bytes.subarray(0, offset), this.pendingLength);
      this.pendingLength += offset;
      if (this.pendingLength < BLOCK_BYTES) return;
      addBlock(this.state, this.words, this.pending, 0);
    }
    for (; offset + BLOCK_BYTES <= bytes.length; offset += BLOCK_BYTES)
      addBlock(this.state, this.words, bytes, offset);
    this.pending.set(bytes.subarray(offset));
    this.pendingLength = bytes.length - offset;
  }

  digest(): string {
    this.addPadding();
    const digest = new DataView(new ArrayBuffer(16));
    this.state.forEach((word, i) => digest.setInt32(4 * i, word, true));
    return Array.from({ length: 16 }, (_, i) => digest.getUint8(i).toString(16).padStart(2, '0')).join('');
  }

  /** Fills the last block, or the last two, with a 1 bit, zeros, and the length in bits. */
  private addPadding(): void {
    const fitsOneBlock = this.pendingLength < BLOCK_BYTES - LENGTH_BYTES;
    const padded = new Uint8Array(fitsOneBlock ? BLOCK_BYTES : 2 * BLOCK_BYTES);
    padded.set(this.pending.subarray(0, this.pendingLength));
    padded[this.pendingLength] = 0x80;
    new DataView(padded.buffer).setBigUint64(padded.length - LENGTH_BYTES, BigInt(this.length) * 8n, true);
    for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES)
      addBlock(this.state, this.words, padded, offset);
  }
}

/** Updates the state with 64 bytes: 64 steps in four rounds. `words` is scratch memory. */
function addBlock(state: Int32Array, words: Int32Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0, b = offset; i < words.length; i++, b += 4)
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
    const sum = (a + mixed + STEP_CONSTANTS[step] + words[word]) | 0;
    const rotation = ROTATIONS[4 * round + (step & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}
