/*
 * The layout of `control`, the Int32Array on a SharedArrayBuffer through which the threads of a pool communicate. Each
 * group is on a cache line (16 words) of its own:
 *
 *     [0]   POSTED: the number of the last posted call; stored by the main thread only
 *     [16]  DONE: the number of the last finished call; stored by the thread that finishes it
 *     [32]  STOP: workers exit
 *     [33]  FAILED: a call has failed since the main thread has looked
 *     [64 + 32 s]                  slot s: TICKET, KERNEL, ARGUMENTS (address), CHUNKS
 *     [64 + 32 s + 16]             slot s: CHUNKS_DONE, FAILURE, MESSAGE
 *     [64 + 32 * 16 + 16 (i - 1)]  worker i: SLEEPING, STARTED, CLAIMING
 *
 * A ticket has the call number in its upper 24 bits and the number of unclaimed chunks in its lower 8 bits. The protocol
 * is described in worker-code.ts.
 */
export const POSTED = 0;
export const DONE = 16;
export const STOP = 32;
export const FAILED = 33;

/** The number of calls that can be posted and not finished. */
export const SLOTS = 16;
export const FIRST_SLOT = 64;
export const SLOT_WORDS = 32;
export const FIRST_WORKER = FIRST_SLOT + SLOTS * SLOT_WORDS;
export const WORKER_WORDS = 16;

/** Offsets within a slot. */
export const TICKET = 0;
export const KERNEL = 1;
export const ARGUMENTS = 2;
export const CHUNKS = 3;
export const CHUNKS_DONE = 16;
/** The length of the message of the error that a chunk threw; 0 for none. */
export const FAILURE = 17;
/** The message, four characters a word. */
export const MESSAGE = 18;
/** The maximum length of a message, in characters. */
export const MESSAGE_LENGTH = 48;

/** Offsets within the words of a worker. */
export const SLEEPING = 0;
export const STARTED = 1;
/** 1 while the worker claims or runs a chunk. */
export const CLAIMING = 2;

/** The index in `control` of the first word of a call's slot. */
export const slotOffset = (call: number): number => FIRST_SLOT + SLOT_WORDS * (call & (SLOTS - 1));

/** The index in `control` of the first word of worker 1, 2, ... */
export const workerOffset = (worker: number): number => FIRST_WORKER + WORKER_WORDS * (worker - 1);

/** The ticket of a call with `remaining` unclaimed chunks. */
export const encodeTicket = (call: number, remaining: number): number => ((call & 0xffffff) << 8) | remaining;

/** The number of unclaimed chunks on a ticket. */
export const remainingChunks = (ticket: number): number => ticket & 255;

/** Iterations that a thread polls before it sleeps. */
export const SPIN_LIMIT = 20_000;

/**
 * Milliseconds that a thread sleeps after SPIN_LIMIT polls without progress: the other threads are likely
 * waiting for a core.
 */
export const BACKOFF_MS = 0.05;
