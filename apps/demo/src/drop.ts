import { find } from './dom.js';

/** Hands on each file that is picked, or dropped anywhere on the page. */
export function openFiles({
  onFile,
  onUnreadable,
}: {
  onFile: (name: string, bytes: Uint8Array) => void;
  /** A folder, or a file that is gone. */
  onUnreadable: (name: string, reason: string) => void;
}): void {
  const hand = async (file: File | undefined) => {
    if (!file) return;
    try {
      onFile(file.name, new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      onUnreadable(file.name, (error as Error).message);
    }
  };
  const input = find<HTMLInputElement>('file');
  input.addEventListener('change', () => {
    void hand(input.files?.[0]);
    // The same file can be picked again.
    input.value = '';
  });
  const { classList } = document.body;
  addEventListener('dragover', (event) => {
    event.preventDefault();
    classList.add('dropping');
  });
  for (const end of ['dragleave', 'drop'] as const) addEventListener(end, () => classList.remove('dropping'));
  addEventListener('drop', (event) => {
    event.preventDefault();
    void hand(event.dataTransfer?.files[0]);
  });
}
