import { getById } from './dom.js';

/** Messages that wait until no model is being opened. */
let pendingMessages: string[] = [];

export function showFileStatus(text: string): void {
  getById('file-status').textContent = text;
}

/** Shows messages together, when no model is being opened: the message of the next one would replace them. */
export function queueFileStatus(messages: readonly string[], { isOpening }: { isOpening: boolean }): void {
  pendingMessages.push(...messages);
  if (isOpening) return;
  showFileStatus(pendingMessages.join(' '));
  pendingMessages = [];
}
