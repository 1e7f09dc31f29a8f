import { grouped } from './byte-reader.js';
import type { DownloadProgress, PartialFile } from './download.js';
import type { PublishedFile } from './published-file.js';
import { transferRate } from './transfer-rate.js';

/** A place did not give the file; another may. */
export class AttemptError extends Error {
  /** Whether the same place may give more when asked again. */
  readonly goOn: boolean;

  constructor(message: string, { goOn = false } = {}) {
    super(message);
    this.goOn = goOn;
  }
}

interface Request {
  readonly file: PublishedFile;
  readonly partial: PartialFile;
  readonly stallSeconds: number;
  readonly signal?: AbortSignal;
  readonly onDownload?: (progress: DownloadProgress) => void;
}

/** Asks one place for what is missing of a file and appends what comes; throws an AttemptError that says what it did. */
export async function attempt(url: string, request: Request): Promise<void> {
  const { file, partial, stallSeconds, signal, onDownload } = request;
  const watch = stallWatch(stallSeconds, signal);
  try {
    const response = await ask(url, { partial, watch, file });
    const body = response.body?.getReader();
    if (!body) throw new AttemptError('answered without a body');
    const rate = transferRate(partial.bytes);
    try {
      for (;;) {
        watch.restart();
        const { done, value } = await body.read();
        if (done) break;
        if (partial.bytes + value.length > file.bytes) {
          await partial.restart();
          throw new AttemptError(`sent more than the ${grouped(file.bytes)} bytes that the file has`);
        }
        watch.pause();
        await partial.append(value);
        const due = rate.add(partial.bytes) || partial.bytes === file.bytes;
        if (due) onDownload?.(progressOf(request, url, rate.perSecond()));
      }
    } finally {
      await body.cancel().catch(() => {});
    }
    if (partial.bytes < file.bytes)
      throw new AttemptError(`ended after ${of(request)} bytes`, { goOn: true });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof AttemptError || isLocal(error)) throw error;
    throw new AttemptError(watch.stalled ? `sent nothing for ${stallSeconds} s after ${of(request)} bytes` : reasonOf(error, request), { goOn: true }); // prettier-ignore
  } finally {
    watch.end();
  }
}

const of = ({ partial, file }: Request) => `${grouped(partial.bytes)} of ${grouped(file.bytes)}`;

/** The answer of a place, once it is clear that its body is what is missing, or all of it. */
async function ask(
  url: string,
  { partial, watch, file }: { partial: PartialFile; watch: StallWatch; file: PublishedFile },
): Promise<Response> {
  const from = partial.bytes;
  const get = (headers: Record<string, string>) => {
    watch.restart();
    return fetch(url, { headers, signal: watch.signal, cache: 'no-store' });
  };
  let response = await get(from > 0 ? { range: `bytes=${from}-` } : {});
  if (response.status === 416) {
    // It has less than what is here, so one of the two is wrong: all of it again.
    await response.body?.cancel();
    await partial.restart();
    response = await get({});
  }
  if (response.status === 206 && partial.bytes > 0) {
    const { range, total } = contentRange(response.headers.get('content-range'));
    if (range === partial.bytes && (total === file.bytes || total === undefined)) return response;
    await response.body?.cancel();
    throw new AttemptError(
      `was asked for the bytes from ${grouped(from)} of ${grouped(file.bytes)}, answered "${response.headers.get('content-range') ?? 'no Content-Range'}"`,
    );
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new AttemptError(`answered ${response.status} ${response.statusText}`.trim());
  }
  const length = response.headers.get('content-length');
  const encoded = response.headers.get('content-encoding') ?? 'identity';
  if (length !== null && encoded === 'identity' && Number(length) !== file.bytes) {
    await response.body?.cancel();
    throw new AttemptError(`has ${grouped(Number(length))} bytes there, expected ${grouped(file.bytes)}`);
  }
  // It does not do ranges: from the start.
  if (partial.bytes > 0) await partial.restart();
  return response;
}

function contentRange(text: string | null): { range?: number; total?: number } {
  const [, range, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? '') ?? [];
  return {
    range: range ? Number(range) : undefined,
    total: total && total !== '*' ? Number(total) : undefined,
  };
}

function progressOf({ file, partial }: Request, url: string, rate: number): DownloadProgress {
  const left = file.bytes - partial.bytes;
  return {
    name: file.name,
    url,
    bytes: partial.bytes,
    total: file.bytes,
    rate,
    ...(rate > 0 && { secondsLeft: left / rate }),
  };
}

/** A fault of this machine, such as a full disk, that no other place would mend. */
const isLocal = (error: unknown) => (error as Error)?.name === 'InputError';

/** What the platform says of a connection that failed. */
function reasonOf(error: unknown, request: Request): string {
  const { code, message } = (Object(error).cause ?? error) as Error & { code?: string };
  if (typeof document !== 'undefined' || typeof WorkerGlobalScope !== 'undefined')
    return request.partial.bytes > 0
      ? `broke off after ${of(request)} bytes`
      : 'cannot be read from this page: the host is out of reach or sends no CORS headers (the official hosts send ' +
          'none). Name a mirror that does, or pick the file';
  const names: Record<string, string> = {
    ENOTFOUND: 'its host is not known: is there a network?',
    EAI_AGAIN: 'its host is not known: is there a network?',
    ECONNREFUSED: 'refused the connection',
    ECONNRESET: `broke off after ${of(request)} bytes`,
    UND_ERR_SOCKET: `broke off after ${of(request)} bytes`,
  };
  return `${names[code ?? ''] ?? message}${code ? ` (${code})` : ''}`;
}

declare const WorkerGlobalScope: unknown;

interface StallWatch {
  readonly signal: AbortSignal;
  readonly stalled: boolean;
  restart(): void;
  pause(): void;
  end(): void;
}

/** A signal that fires when nothing came for so long, or when the caller's does. */
function stallWatch(seconds: number, outer?: AbortSignal): StallWatch {
  const controller = new AbortController();
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = () => clearTimeout(timer);
  const pass = () => controller.abort(outer!.reason);
  outer?.addEventListener('abort', pass);
  if (outer?.aborted) pass();
  return {
    signal: controller.signal,
    get stalled() {
      return stalled;
    },
    restart() {
      pause();
      timer = setTimeout(() => {
        stalled = true;
        controller.abort();
      }, seconds * 1000);
    },
    pause,
    end() {
      pause();
      outer?.removeEventListener('abort', pass);
    },
  };
}
