import { SingleBar } from 'cli-progress';

/** A bar that shows how far something has come; on no terminal, nothing. */
export interface Bar {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/** All that the program says: text and bars for people, or one JSON line an event with --json. */
export class Console {
  constructor(private readonly json = false) {}

  /** Says that something happened: `text` for people, `fields` for programs. */
  event(name: string, fields: object, text: string): void {
    process.stdout.write(this.json ? `${JSON.stringify({ event: name, ...fields })}\n` : `${text}\n`);
  }

  /** A line that a person should read now, and that is no result. */
  notice(text: string): void {
    process.stderr.write(this.json ? `${JSON.stringify({ event: 'notice', text })}\n` : `${text}\n`);
  }

  bar(label: string): Bar {
    if (this.json || !process.stderr.isTTY) return { update() {}, stop() {} };
    let bar: SingleBar | undefined;
    return {
      update(done, total, detail = '') {
        if (!bar) {
          const format = `${label} {bar} {percentage}% {detail}`;
          bar = new SingleBar({
            format,
            stream: process.stderr,
            hideCursor: true,
            clearOnComplete: true,
            barsize: 24,
          });
          bar.start(total, 0, { detail });
        }
        bar.setTotal(total);
        bar.update(done, { detail });
      },
      stop: () => bar?.stop(),
    };
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
