import { formatCount, isInputError } from '@convlens/core';
import type { DownloadProgress } from '../sources/download-progress.js';
import type { PublishedFile } from '../sources/published-file.js';
import type { PartialFile } from './download-cache.js';
import { stallWatch, type StallWatch } from './stall-watch.js';
import { transferRate } from './transfer-rate.js';

/** A server did not send the file; another one may. */
export class RangeRequestError extends Error {
  /** Whether the same server may send more when it is asked again. */
  readonly isRetryable: boolean;

  constructor(message: string, { isRetryable = false } = {}) {
    super(message);
    this.isRetryable = isRetryable;
  }
}

interface RangeRequest {
  readonly file: PublishedFile;
  readonly partial: PartialFile;
  readonly stallSeconds: number;
  readonly signal?: AbortSignal;
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/**
 * Requests the missing bytes of a file from one URL and appends them to those that are there.
 *
 * @throws RangeRequestError with the failure of the server; InputError if the bytes cannot be stored.
 */
export async function fetchRange(url: string, request: RangeRequest): Promise<void> {
  const { stallSeconds, signal } = request;
  const watch = stallWatch(stallSeconds, signal);
  try {
    const response = await requestRange(url, request, watch);
    await appendBody(response, { url, request, watch });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // An InputError is a failure of this machine, such as a full disk: no other server helps.
    if (error instanceof RangeRequestError || isInputError(error)) throw error;
    const message = watch.hasStalled
      ? `sent nothing for ${stallSeconds} s after ${receivedOf(request)} bytes`
      : describeFailure(error, request);
    throw new RangeRequestError(message, { isRetryable: true });
  } finally {
    watch.end();
  }
}

const receivedOf = ({ partial, file }: RangeRequest) =>
  `${formatCount(partial.bytes)} of ${formatCount(file.bytes)}`;

async function appendBody(
  response: Response,
  { url, request, watch }: { url: string; request: RangeRequest; watch: StallWatch },
): Promise<void> {
  const { file, partial, onDownload } = request;
  const body = response.body?.getReader();
  if (!body) throw new RangeRequestError('answered without a body');
  const rate = transferRate(partial.bytes);
  try {
    for (;;) {
      watch.restart();
      const { done, value } = await body.read();
      if (done) break;
      if (partial.bytes + value.length > file.bytes) {
        await partial.clear();
        throw new RangeRequestError(`sent more than the ${formatCount(file.bytes)} bytes that the file has`);
      }
      watch.pause();
      await partial.append(value);
      const isReportDue = rate.add(partial.bytes);
      if (isReportDue || partial.bytes === file.bytes)
        onDownload?.(progressAt(request, url, rate.perSecond()));
    }
  } finally {
    await body.cancel().catch(() => {});
  }
  if (partial.bytes < file.bytes)
    throw new RangeRequestError(`ended after ${receivedOf(request)} bytes`, { isRetryable: true });
}

/** The response of a server, once its headers say that its body is the missing bytes, or the whole file. */
async function requestRange(
  url: string,
  { file, partial }: RangeRequest,
  watch: StallWatch,
): Promise<Response> {
  const requested = partial.bytes;
  const get = (headers: Record<string, string>) => {
    watch.restart();
    return fetch(url, { headers, signal: watch.signal, cache: 'no-store' });
  };
  let response = await get(requested > 0 ? { range: `bytes=${requested}-` } : {});
  if (response.status === 416) {
    // The server's file is shorter than the bytes that are here, so one of the two is wrong: request the whole file.
    await response.body?.cancel();
    await partial.clear();
    response = await get({});
  }
  const failure =
    response.status === 206 && partial.bytes > 0
      ? rangeFailure(response, requested, file)
      : wholeFileFailure(response, file);
  if (failure) {
    await response.body?.cancel();
    throw new RangeRequestError(failure);
  }
  // A server without range requests sends the file from its start.
  if (response.status === 200 && partial.bytes > 0) await partial.clear();
  return response;
}

/** What is wrong with the range of a partial response; undefined if it is the requested one. */
function rangeFailure({ headers }: Response, requested: number, file: PublishedFile): string | undefined {
  const text = headers.get('content-range');
  const { start, total } = parseContentRange(text);
  if (start === requested && (total === file.bytes || total === undefined)) return undefined;
  const range = `the bytes from ${formatCount(requested)} of ${formatCount(file.bytes)}`;
  return `was asked for ${range}, answered "${text ?? 'no Content-Range'}"`;
}

/** What is wrong with the status or the length of a complete response; undefined if nothing is. */
function wholeFileFailure(
  { status, statusText, headers }: Response,
  file: PublishedFile,
): string | undefined {
  if (status !== 200) return `answered ${status} ${statusText}`.trim();
  const length = headers.get('content-length');
  const isEncoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  if (length === null || isEncoded || Number(length) === file.bytes) return undefined;
  return `has ${formatCount(Number(length))} bytes there, expected ${formatCount(file.bytes)}`;
}

function parseContentRange(text: string | null): { start?: number; total?: number } {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? '') ?? [];
  return {
    start: start ? Number(start) : undefined,
    total: total && total !== '*' ? Number(total) : undefined,
  };
}

function progressAt({ file, partial }: RangeRequest, url: string, bytesPerSecond: number): DownloadProgress {
  const remaining = file.bytes - partial.bytes;
  return {
    name: file.name,
    url,
    bytes: partial.bytes,
    total: file.bytes,
    bytesPerSecond,
    ...(bytesPerSecond > 0 && { secondsLeft: remaining / bytesPerSecond }),
  };
}

declare const WorkerGlobalScope: unknown;

const isBrowser = () => typeof document !== 'undefined' || typeof WorkerGlobalScope !== 'undefined';

/** What to say about a connection that failed. Browsers hide the reason; Node has it in the cause of the error. */
function describeFailure(error: unknown, request: RangeRequest): string {
  const brokeOff = `broke off after ${receivedOf(request)} bytes`;
  if (isBrowser())
    return request.partial.bytes > 0
      ? brokeOff
      : 'cannot be read from this page: the host is out of reach or sends no CORS headers (the official hosts send ' +
          'none). Name a mirror that does, or select the file';
  const { code, message } = (Object(error).cause ?? error) as Error & { code?: string };
  const descriptions: Record<string, string> = {
    ENOTFOUND: 'its host is not known: is there a network?',
    EAI_AGAIN: 'its host is not known: is there a network?',
    ECONNREFUSED: 'refused the connection',
    ECONNRESET: brokeOff,
    UND_ERR_SOCKET: brokeOff,
  };
  return `${descriptions[code ?? ''] ?? message}${code ? ` (${code})` : ''}`;
}
