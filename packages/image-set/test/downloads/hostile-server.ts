import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does with a request for a file of these bytes. */
type Behavior = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;

/** The first byte of the requested range; undefined without one. */
const firstByte = (request: IncomingMessage) => {
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  return first === undefined ? undefined : Number(first);
};

const good: Behavior = (request, response, bytes) => {
  const first = firstByte(request);
  if (first === undefined) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  if (first >= bytes.length) return response.writeHead(416).end();
  const headers = {
    'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}`,
    'content-length': bytes.length - first,
  };
  return response.writeHead(206, headers).end(bytes.subarray(first));
};

const firstHalf = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

/** The behaviors by the name of the folder in the URL. */
const behaviors: Record<string, Behavior> = {
  good,
  noRanges: (_, response, bytes) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
  // As a network does that asks for a password first.
  page: (_, response) => response.writeHead(200).end('<html>sign in</html>'),
  // The connection ends as if the file were complete.
  truncates: (_, response, bytes) => response.writeHead(200).end(firstHalf(bytes)),
  drops: (_, response, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(firstHalf(bytes), () => setTimeout(() => response.destroy(), 20));
  },
  // It breaks off at each request, a few bytes later each time.
  dropsOften: (request, response, bytes) => {
    const first = firstByte(request) ?? 0;
    const last = Math.min(bytes.length, first + Math.ceil(bytes.length / 4));
    const range = { 'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(first ? 206 : 200, { ...(first && range), 'content-length': bytes.length - first });
    response.write(bytes.subarray(first, last), () => setTimeout(() => response.destroy(), 20));
  },
  stalls: (_, response, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(firstHalf(bytes));
  },
  silent: () => {},
  missing: (_, response) => response.writeHead(404).end('nothing here'),
  fails: (_, response) => response.writeHead(500).end(),
  refusesRanges: (request, response, bytes) =>
    request.headers.range ? response.writeHead(416).end() : good(request, response, bytes),
  wrongBody: (_, response, bytes) => {
    const wrong = Buffer.from(bytes);
    wrong[wrong.length >> 1] ^= 1;
    response.writeHead(200, { 'content-length': wrong.length }).end(wrong);
  },
  wrongRange: (request, response, bytes) =>
    firstByte(request)
      ? response.writeHead(206, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }).end(bytes)
      : response.writeHead(500).end(),
  saysLess: (_, response, bytes) =>
    response.writeHead(200, { 'content-length': 10 }).end(bytes.subarray(0, 10)),
  saysMore: (_, response, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length + 10 });
    response.end(Buffer.concat([bytes, Buffer.alloc(10)]));
  },
  tooLong: (_, response, bytes) => response.writeHead(200).end(Buffer.concat([bytes, bytes])),
  slow: (request, response, bytes) => {
    const first = firstByte(request) ?? 0;
    const range = { 'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(first ? 206 : 200, { ...(first && range), 'content-length': bytes.length - first });
    let position = first;
    const timer = setInterval(() => {
      response.write(bytes.subarray(position, (position += Math.ceil(bytes.length / 20))));
      if (position >= bytes.length) {
        clearInterval(timer);
        response.end();
      }
    }, 30);
    response.on('close', () => clearInterval(timer));
  },
};

/** A server on this machine that records its requests; each of its folders treats the same file in another way. */
export async function startServer(bytes: Buffer) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const folder = request.url!.split('/')[1];
    requests.push(`${folder} ${request.headers.range ?? 'all'}`);
    response.setHeader('access-control-allow-origin', '*');
    behaviors[folder](request, response, bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    requests,
    at: (folder: string) => `${origin}/${folder}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
