/** Files of a folder that are not read, with the reason in words. */
export interface PassedOverFiles {
  readonly reason: string;
  readonly count: number;
  /** The name of the first. */
  readonly example: string;
}

const IMAGE = /\.(png|jpe?g)$/i;

/** What operating systems and archive programs leave: hidden files, and what is in __MACOSX. */
const SYSTEM = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;

/** Files that are pictures, of formats that are not read. */
const OTHER_PICTURE = /\.(webp|gif|bmp|tiff?|avif|heic|jp2|svg)$/i;

function reasonOf(name: string): string | undefined {
  if (SYSTEM.test(name)) return 'hidden files and files of the system';
  if (IMAGE.test(name)) return undefined;
  const [, extension] = OTHER_PICTURE.exec(name) ?? [];
  return extension === undefined
    ? 'no images'
    : `${extension.toUpperCase()} pictures, a format that is not read`;
}

/** Collects files that are passed over, by reason. */
export class PassedOver {
  readonly #byReason = new Map<string, string[]>();

  add(reason: string, name: string): void {
    const names = this.#byReason.get(reason);
    if (names) names.push(name);
    else this.#byReason.set(reason, [name]);
  }

  /** Takes a file out that is read after all. */
  remove(name: string): void {
    for (const [reason, names] of this.#byReason)
      this.#byReason.set(
        reason,
        names.filter((one) => one !== name),
      );
  }

  list(): PassedOverFiles[] {
    const reasons = [...this.#byReason].filter(([, names]) => names.length > 0);
    return reasons.map(([reason, names]) => ({ reason, count: names.length, example: names[0] }));
  }
}

/** The names of PNG and JPEG files; all others are passed over. */
export const imageNames = (names: readonly string[], passedOver: PassedOver): string[] =>
  names.filter((name) => {
    const reason = reasonOf(name);
    if (reason !== undefined) passedOver.add(reason, name);
    return reason === undefined;
  });
