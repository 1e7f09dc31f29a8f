import assert from 'node:assert';
import { crc32, fileType, inflateSync } from '@convlens/formats';

const hello = Uint8Array.of(0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15);
const bytes = inflateSync([hello], { name: 'hello.zlib', maxBytes: 1000 });
assert.equal(new TextDecoder().decode(bytes), 'hello');
assert.equal(crc32(bytes), 0x3610a686);
assert.equal(fileType(Uint8Array.of(0x1f, 0x8b, 8)), 'gzip');
