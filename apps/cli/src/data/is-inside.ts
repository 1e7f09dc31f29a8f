import path, { type PlatformPath } from 'node:path';

/**
 * Whether a folder is another one or lies inside it. On Windows, upper and lower case are the same.
 *
 * @param folder an absolute path, like `parent`
 * @param parent the folder that may contain it
 * @param rules the paths of the system
 */
export function isInside(
  folder: string,
  parent: string,
  rules: Pick<PlatformPath, 'relative' | 'isAbsolute' | 'sep'> = path,
): boolean {
  const steps = rules.relative(parent, folder);
  // From one drive to another there is no relative path.
  return !rules.isAbsolute(steps) && steps.split(rules.sep)[0] !== '..';
}
