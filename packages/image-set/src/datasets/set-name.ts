/** Endings of files that hold a whole set of images. */
const ENDING = /\.(zip|tar|tar\.gz|tgz|npz|parquet|csv)$/i;

/** The name of a set of images by where it lies: "flowers" of /data/flowers and /data/flowers.zip. */
export function setNameOf(location: string): string {
  const name = location.split(/[\\/]/).filter(Boolean).pop() ?? 'images';
  return name.replace(ENDING, '') || name;
}
