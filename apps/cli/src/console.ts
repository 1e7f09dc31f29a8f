import { SingleBar } from 'cli-progress';

/** A bar that shows how far something has come; on no terminal, nothing. */
export interface Bar {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/** All that the program says: text and bars for people, or one JSON line an event with --json. */
export class Console {
  /** The bar on the terminal, if there is one. */
  private shown: SingleBar | undefined;

  constructor(private readonly json = false) {}

  /** Says that something happened: `text` for people, `fields` for programs. */
  event(name: string, fields: object, text: string): void {
    this.clear();
    process.stdout.write(this.json ? `${JSON.stringify({ event: name, ...fields })}\n` : `${text}\n`);
  }

  /** A line that a person should read now, and that is no result. */
  notice(text: string): void {
    this.clear();
    process.stderr.write(this.json ? `${JSON.stringify({ event: 'notice', text })}\n` : `${text}\n`);
  }

  /** A bar under all that was said; it comes back with its next update when something is said meanwhile. */
  bar(label: string): Bar {
    if (this.json || !process.stderr.isTTY) return { update() {}, stop() {} };
    const format = `${label} {bar} {percentage}% {detail}`;
    return {
      update: (done, total, detail = '') => {
        if (!this.shown) {
          this.shown = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, barsize: 24 });
          this.shown.start(total, done, { detail });
        } else this.shown.update(done, { detail });
      },
      stop: () => this.clear(),
    };
  }

  private clear(): void {
    this.shown?.stop();
    this.shown = undefined;
  }
}

/** Seconds as people say them: "42 s", "3 min 5 s", "2 h 10 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
