import { packTar } from 'modern-tar';

const gzip = async (bytes: Uint8Array) => {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

/** A .tar.gz archive of files and of links. */
export const archiveOf = async (
  files: Record<string, Uint8Array>,
  links: { name: string; linkname: string }[] = [],
) =>
  gzip(
    await packTar([
      ...links.map((link) => ({ header: { ...link, size: 0, type: 'symlink' as const } })),
      ...Object.entries(files).map(([name, body]) => ({ header: { name, size: body.length }, body })),
    ]),
  );
