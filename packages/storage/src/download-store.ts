import type { BlobStore } from './blob-store.js';
import { InputError } from '@convlens/core';

/**
 * A BlobStore that can only be written: each write is a download of the browser, under the name's last part. Nothing can
 * be read back, so it lists nothing and `remove` leaves all as it is. Needs a page; a worker has no downloads.
 */
export function downloadStore(): BlobStore {
  return {
    location: 'downloads',
    read: async () => undefined,
    list: async () => [],
    remove: async () => {},
    async write(name, bytes) {
      if (typeof document === 'undefined')
        throw new InputError('Expected a page that can download, found no document');
      const url = URL.createObjectURL(new Blob([bytes.slice()]));
      const link = Object.assign(document.createElement('a'), {
        href: url,
        download: name.split('/').pop()!,
      });
      link.click();
      // The browser reads the address some time after the click.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
  };
}
