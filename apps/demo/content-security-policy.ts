/**
 * What the built page may load and run: its own files, WebAssembly, the threads of the backend (workers from blob: URLs), and
 * images that the page itself makes. Inline scripts and styles, and every other server, are blocked.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
