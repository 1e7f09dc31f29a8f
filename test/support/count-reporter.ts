import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints, as the very last line, `N passed, N failed` (and `, N skipped` if some were). A file that could not be loaded
 * and an error outside any test count as failures: nothing passes by not running.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) counts[test.result().state]++;
    }
    counts.failed += counts.pending;
    const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
    process.on('exit', () =>
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`),
    );
  }
}
