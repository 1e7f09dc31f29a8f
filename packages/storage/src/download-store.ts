import { InputError } from '@convlens/core';
import type { BlobStore } from './blob-store.js';

/** A browser reads the URL of a download some time after the click; until then it must stay valid. */
const URL_LIFETIME_MS = 60_000;

/**
 * A store that can only be written: each write is a download of the browser, under the last part of the name. It lists
 * nothing, and `remove` does nothing. It needs a page: a worker cannot start downloads, and `write` throws an InputError.
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
      setTimeout(() => URL.revokeObjectURL(url), URL_LIFETIME_MS);
    },
  };
}
