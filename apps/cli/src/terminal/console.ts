import { escapeControls } from '@convlens/core';
import { SingleBar } from 'cli-progress';
import { escapeLines, escapeMessage } from './escape-lines.js';

/** A progress bar; without a terminal it does nothing. */
export interface Bar {
  update(done: number, total: number, detail?: string): void;
  stop(): void;
}

/**
 * The output of the program: text and progress bars, or one JSON object per line with --json. Control characters of names
 * from files are printed escaped.
 */
export class Console {
  /** The bar on the terminal, if there is one. */
  private activeBar: SingleBar | undefined;

  constructor(private readonly json = false) {}

  /** Prints an event to stdout: `text` for people, `fields` for programs. */
  event(name: string, fields: object, text: string): void {
    this.print(process.stdout, { event: name, ...fields }, text);
  }

  /** Prints a warning to stderr. */
  warn(text: string): void {
    this.print(process.stderr, { event: 'warning', text }, escapeMessage(text));
  }

  private print(stream: NodeJS.WriteStream, event: object, text: string): void {
    this.clear();
    stream.write(`${escapeLines(this.json ? JSON.stringify(event) : text)}\n`);
  }

  /** A bar below the output. An event removes it; its next update shows it again. */
  bar(label: string): Bar {
    if (this.json || !process.stderr.isTTY) return { update() {}, stop() {} };
    const format = `${escapeControls(label)} {bar} {percentage}% {detail}`;
    return {
      update: (done, total, shownDetail = '') => {
        const detail = escapeControls(shownDetail);
        if (!this.activeBar) {
          this.activeBar = new SingleBar({
            format,
            stream: process.stderr,
            clearOnComplete: true,
            barsize: 24,
          });
          this.activeBar.start(total, done, { detail });
        } else this.activeBar.update(done, { detail });
      },
      stop: () => this.clear(),
    };
  }

  private clear(): void {
    this.activeBar?.stop();
    this.activeBar = undefined;
  }
}
