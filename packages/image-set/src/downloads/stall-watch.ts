/** Aborts a request to which no data arrives. */
export interface StallWatch {
  /** Fires after a stall, or with the caller's signal. */
  readonly signal: AbortSignal;
  readonly hasStalled: boolean;
  /** Starts the time again: data is awaited from now on. */
  restart(): void;
  /** Stops the time until the next `restart`. */
  pause(): void;
  end(): void;
}

/** Watches for `seconds` without data; passes on an abort of `callerSignal`. */
export function stallWatch(seconds: number, callerSignal?: AbortSignal): StallWatch {
  const controller = new AbortController();
  let hasStalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = () => clearTimeout(timer);
  const abort = () => controller.abort(callerSignal!.reason);
  callerSignal?.addEventListener('abort', abort);
  if (callerSignal?.aborted) abort();
  return {
    signal: controller.signal,
    get hasStalled() {
      return hasStalled;
    },
    restart() {
      pause();
      timer = setTimeout(() => {
        hasStalled = true;
        controller.abort();
      }, seconds * 1000);
    },
    pause,
    end() {
      pause();
      callerSignal?.removeEventListener('abort', abort);
    },
  };
}
