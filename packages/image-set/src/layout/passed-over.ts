/** Files of a folder that are not read, with the reason in words. */
export interface PassedOverFiles {
  readonly reason: string;
  readonly count: number;
  /** The name of the first. */
  readonly example: string;
}

const IMAGE = /\.(png|jpe?g|webp|gif|bmp)$/i;

/** What operating systems and archive programs leave: hidden files, and what is in __MACOSX. */
const SYSTEM = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;

/** Images of formats that are not read. */
const OTHER_IMAGE = /\.(tiff?|avif|heic|jp2|svg)$/i;

export const isSystemFile = (name: string): boolean => SYSTEM.test(name);

function reasonOf(name: string): string | undefined {
  if (isSystemFile(name)) return 'hidden files and files of the system';
  if (IMAGE.test(name)) return undefined;
  const [, extension] = OTHER_IMAGE.exec(name) ?? [];
  return extension === undefined
    ? 'no images'
    : `${extension.toUpperCase()} images, a format that is not read`;
}

/** Collects files that are passed over, by reason. */
export class PassedOver {
  readonly #byReason = new Map<string, Set<string>>();

  add(reason: string, name: string): void {
    const names = this.#byReason.get(reason) ?? new Set();
    this.#byReason.set(reason, names.add(name));
  }

  has(name: string): boolean {
    return [...this.#byReason.values()].some((names) => names.has(name));
  }

  /** Takes a file out that is read after all. */
  remove(name: string): void {
    for (const names of this.#byReason.values()) names.delete(name);
  }

  list(): PassedOverFiles[] {
    return [...this.#byReason].flatMap(([reason, names]) => {
      const [example] = names;
      return example === undefined ? [] : [{ reason, count: names.size, example }];
    });
  }
}

/** The names of image files that are no masks of others; all other files are passed over. */
export function imageNames(names: readonly string[], passedOver: PassedOver): string[] {
  const all = new Set(names);
  return names.filter((name) => {
    const reason = reasonOf(name) ?? (isMask(name, all) ? 'masks of other images' : undefined);
    if (reason !== undefined) passedOver.add(reason, name);
    return reason === undefined;
  });
}

/** Whether a file is the mask of an image beside it, as "a_mask.png" of "a.png". */
function isMask(name: string, names: ReadonlySet<string>): boolean {
  const [, image, extension] = /^(.*)_mask(?:_\d+)?(\.\w+)$/i.exec(name) ?? [];
  return (
    image !== undefined && ['.png', '.jpg', '.jpeg', extension].some((ending) => names.has(image + ending))
  );
}
